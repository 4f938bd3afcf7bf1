-- One row per participant, plan version, commission component and window: the span over which its tiers apply.
-- A window over a quarter or year runs to its calendar end, also when the plan was left before.
with

components as (select * from {{ source('inputs', 'components') }} where type = 'commission'),

plan_months as (select * from {{ ref('int_plan_months') }}),

credits as (select * from {{ ref('int_rated_credits') }}),

months as (select * from {{ source('inputs', 'calendar_months') }} where is_in_pay_calendar),

active_months as (
    select plan_months.participant_id, plan_months.plan_version_id, components.component, plan_months.month
    from plan_months
    inner join components on plan_months.plan_version_id = components.plan_version_id
    where components.accumulate <> 'transaction'
    union
    select participant_id, plan_version_id, component, month
    from credits
),

spans as (
    select
        active_months.participant_id,
        components.plan,
        active_months.plan_version_id,
        active_months.component,
        components.accumulate,
        case components.accumulate
            when 'quarter' then months.quarter
            when 'year' then months.year
            else months.month
        end as window_period,
        min(months.starts_on) as first_month_on
    from active_months
    inner join components
        on
            active_months.plan_version_id = components.plan_version_id
            and active_months.component = components.component
    inner join months on active_months.month = months.month
    where components.accumulate <> 'transaction'
    group by all
),

windows as (
    select *, window_period as window_key from spans
    union all
    select distinct
        credits.participant_id,
        credits.plan,
        credits.plan_version_id,
        credits.component,
        'transaction' as accumulate,
        credits.month as window_period,
        months.starts_on as first_month_on,
        credits.window_key
    from credits
    inner join components
        on credits.plan_version_id = components.plan_version_id and credits.component = components.component
    inner join months on credits.month = months.month
    where components.accumulate = 'transaction'
),

-- Windows computed again without what events took from them.
again as (
    select *, 0 as event_no from windows
    union all
    select windows.* replace (events.window_key as window_key), events.event_no
    from windows
    inner join {{ ref('int_recomputed_events') }} as events
        on
            windows.participant_id = events.participant_id
            and windows.plan_version_id = events.plan_version_id
            and windows.component = events.component
            and windows.window_key = events.original_key
),

numbered as (
    select
        row_number() over (order by participant_id, plan_version_id, component, first_month_on, window_key)
            as window_id,
        *
    from again
)

select * from numbered
