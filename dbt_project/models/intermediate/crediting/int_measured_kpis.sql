-- One row per participant, plan version, component that rates a KPI other than a transaction's own measures, and month:
-- what the month adds to the KPI's value of its window as one credit, in the plan's currency where it is money. Of a mean
-- the months do not add up to the quarter, so the value of the window so far is what counts.
with

components as (
    select * from {{ source('inputs', 'components') }}
    where
        type = 'commission'
        and measure not in ('bookings', 'margin', 'units', 'deals', 'billings', 'collections')
),

catalogue as (select * from {{ source('inputs', 'kpi_catalogue') }}),

plan_months as (select * from {{ ref('int_plan_months') }}),

plans as (select * from {{ source('inputs', 'plans') }}),

company as (select * from {{ source('inputs', 'run') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

periods as (select * from {{ source('inputs', 'calendar_periods') }}),

split_periods as (select * from {{ ref('int_split_periods') }}),

kpi_values as (select * from {{ ref('int_kpi_values') }}),

fx_rates as (select * from {{ ref('int_plan_fx_rates') }}),

asked as (
    select
        plan_months.participant_id,
        plan_months.plan_version_id,
        components.component,
        components.plan,
        components.measure,
        components.rate_on,
        components.accumulate,
        components.slice,
        months.month,
        months.starts_on,
        months.ends_on,
        months.quarter,
        months.year,
        coalesce(windows.period, months.month) as window_period,
        case
            when coalesce(windows.ends_on, months.ends_on) = months.ends_on then coalesce(windows.period, months.month)
            else windows.period || '..' || months.month
        end as window_to_date
    from components
    inner join plan_months on components.plan_version_id = plan_months.plan_version_id
    inner join months on plan_months.month = months.month
    left join periods as windows
        on windows.period = case components.accumulate when 'quarter' then months.quarter when 'year' then months.year end
),

measured_kpis as (
    select
        asked.* exclude (slice, starts_on, ends_on, window_period, window_to_date),
        least(asked.ends_on, company.period_ends_on) as credited_on,
        plans.currency as plan_currency,
        kpi_values.value
        - coalesce(
            lag(kpi_values.value) over (
                partition by asked.participant_id, asked.plan_version_id, asked.component, asked.window_period
                order by asked.month
            ),
            0
        ) as amount,
        case when catalogue.unit = 'money' then company.currency else plans.currency end as currency,
        case
            when catalogue.unit <> 'money' or company.currency = plans.currency then cast(1 as decimal(18, 10))
            else fx_rates.rate
        end as fx_rate
    from asked
    cross join company
    inner join catalogue on asked.measure = catalogue.kpi
    inner join plans on asked.plan_version_id = plans.plan_version_id
    left join split_periods on asked.participant_id = split_periods.participant_id and asked.year = split_periods.period
    inner join kpi_values
        on
            asked.measure = kpi_values.kpi
            and asked.slice = kpi_values.slice
            and asked.window_to_date = kpi_values.period
            and kpi_values.scope = case when split_periods.period is null then 'participant' else 'segment' end
            and kpi_values.scope_id = case
                when split_periods.period is null then asked.participant_id
                else asked.participant_id || '|' || asked.plan_version_id
            end
    left join fx_rates
        on
            asked.plan_version_id = fx_rates.plan_version_id
            and company.currency = fx_rates.currency
            and asked.ends_on >= fx_rates.valid_from
            and asked.ends_on < fx_rates.valid_to
    where asked.starts_on <= company.period_ends_on and kpi_values.value is not null
)

select * from measured_kpis where amount <> 0
