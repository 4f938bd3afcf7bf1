-- One row per participant, plan version, component with a gate or multiplier, window and month in which it is judged, with
-- the periods and scopes whose figures it may look at.
with

components as (
    select * from {{ source('inputs', 'components') }}
    where gate_kpi is not null or multiplier_by is not null
),

periods as (select * from {{ source('inputs', 'calendar_periods') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

service as (select * from {{ ref('int_service_shares') }}),

split_periods as (select * from {{ ref('int_split_periods') }}),

rated as (
    select distinct
        window_months.participant_id,
        window_months.plan_version_id,
        window_months.component,
        window_months.window_period,
        window_months.month
    from {{ ref('int_window_months') }} as window_months
    inner join components
        on
            window_months.plan_version_id = components.plan_version_id
            and window_months.component = components.component
    union
    select distinct
        lines.participant_id,
        lines.plan_version_id,
        lines.component,
        lines.window_period,
        lines.origin_period as month
    from {{ ref('int_period_lines') }} as lines
    inner join components
        on lines.plan_version_id = components.plan_version_id and lines.component = components.component
    union
    -- Overrides are computed from what the others earned, so they have no lines yet.
    select
        plan_months.participant_id,
        plan_months.plan_version_id,
        components.component,
        plan_months.month as window_period,
        plan_months.month
    from {{ ref('int_plan_months') }} as plan_months
    inner join components on plan_months.plan_version_id = components.plan_version_id
    where components.type = 'override'
),

dated as (
    select
        rated.*,
        months.starts_on as month_starts_on,
        months.ends_on as month_ends_on,
        months.quarter,
        months.year,
        windows.starts_on as window_starts_on,
        years.starts_on as year_starts_on,
        case
            when windows.ends_on = months.ends_on then rated.window_period
            else rated.window_period || '..' || rated.month
        end as window_to_date,
        case when years.ends_on = months.ends_on then months.year else months.year || '..' || rated.month end
            as year_to_date
    from rated
    inner join months on rated.month = months.month
    inner join periods as windows on rated.window_period = windows.period
    inner join periods as years on months.year = years.period
),

judged_months as (
    select
        dated.*,
        service.team_id,
        {{ own_figures('dated') }}
    from dated
    left join service
        on
            dated.participant_id = service.participant_id
            and dated.plan_version_id = service.plan_version_id
            and dated.window_period = service.period
    left join split_periods
        on dated.participant_id = split_periods.participant_id and dated.year = split_periods.period
)

select * from judged_months
