{{ config(materialized='view') }}
-- One row per participant, plan version, component that another one's multiplier follows, and month: its own measure
-- against its quota, or what its payout curve reads.
with

components as (select * from {{ source('inputs', 'components') }} where multiplier_component is not null),

linked_attainments as (
    select
        participant_id,
        plan_version_id,
        component,
        month,
        {{ ratio('sum(reach_so_far)', 'max(quota)') }} as attainment
    from {{ ref('int_window_months') }}
    where
        component in (select multiplier_component from components)
        and window_id not in (select window_id from {{ ref('int_windows') }} where event_no > 0)
    group by participant_id, plan_version_id, component, month
    union all
    select
        participant_id,
        plan_version_id,
        component,
        origin_period as month,
        cast(max(measured) as decimal(18, 10)) as attainment
    from {{ ref('int_period_lines') }}
    where component in (select multiplier_component from components)
    group by participant_id, plan_version_id, component, origin_period
)

select * from linked_attainments
