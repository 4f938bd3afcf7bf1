{{ config(materialized='view') }}
-- One row per participant, plan version, deduction by share and period of it: what its components earned, each at least 0.
with

component_periods as (select * from {{ ref('int_component_periods') }} where type = 'deduction'),

named as ({{ components_of('deduction', ['draw', 'award', 'deduction']) }}),

period_months as (select * from {{ source('inputs', 'calendar_period_months') }}),

earned as (
    select
        earned.participant_id,
        earned.plan,
        earned.component,
        period_months.period,
        greatest(sum(earned.earned), 0) as earned
    from {{ ref('int_earned') }} as earned
    inner join period_months on earned.origin_period = period_months.month
    where exists (select 1 from {{ source('inputs', 'deductions') }} where share is not null)
    group by earned.participant_id, earned.plan, earned.component, period_months.period
),

bases as (
    select
        component_periods.participant_id,
        component_periods.plan_version_id,
        component_periods.component,
        component_periods.period,
        sum(earned.earned) as earned
    from component_periods
    inner join named
        on
            component_periods.plan_version_id = named.plan_version_id
            and component_periods.component = named.component
    inner join earned
        on
            component_periods.participant_id = earned.participant_id
            and named.of_plan = earned.plan
            and named.of_component = earned.component
            and component_periods.period = earned.period
    group by
        component_periods.participant_id, component_periods.plan_version_id, component_periods.component,
        component_periods.period
)

select * from bases
