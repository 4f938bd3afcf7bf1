-- One row per scope member, KPI, period and month in which a gate or multiplier looks at the period's target: as revised by
-- the end of that month. What is revised later does not judge the month again.
with

asked as (select * from {{ ref('int_judged_months') }}),

components as (
    select * from {{ source('inputs', 'components') }}
    where (gate_kpi = 'quota_attainment' and quota_kpi is null) or multiplier_by = 'attainment'
),

looked_at as (
    select distinct
        {{ gate_target_period('components', 'asked') }} as period,
        asked.month as known_month,
        asked.month_ends_on as known_on
    from asked
    inner join components
        on asked.plan_version_id = components.plan_version_id and asked.component = components.component
    where components.gate_kpi = 'quota_attainment'
    union
    select asked.window_period as period, asked.month as known_month, asked.month_ends_on as known_on
    from asked
    inner join components
        on asked.plan_version_id = components.plan_version_id and asked.component = components.component
    where components.multiplier_by = 'attainment'
),

measured as (
    select
        looked_at.*,
        periods.kind,
        periods.months,
        periods.starts_on,
        periods.ends_on
    from looked_at
    inner join {{ source('inputs', 'calendar_periods') }} as periods on looked_at.period = periods.period
),

{{ targets_as_known(['period', 'known_month']) }}

select * from targets
