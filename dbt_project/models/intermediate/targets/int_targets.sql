-- One row per scope member, KPI and period: its target in the company's currency, spread, prorated and as revised by
-- the last day of the period.
with

company as (select * from {{ source('inputs', 'run') }}),

measured as (
    select
        periods.period,
        periods.kind,
        periods.months,
        periods.starts_on,
        periods.ends_on,
        least(periods.ends_on, company.period_ends_on) as known_on
    from {{ source('inputs', 'calendar_periods') }} as periods
    cross join company
    where periods.starts_on <= company.period_ends_on
),

{{ targets_as_known(['period']) }}

select * from targets
