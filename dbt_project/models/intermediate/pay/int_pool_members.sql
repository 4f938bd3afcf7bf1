-- One row per participant, plan version, pool and period: the group the member belongs to, the figure the pool is a rate
-- of, and what the member's share is measured by.
with

component_periods as (select * from {{ ref('int_component_periods') }} where type = 'pool'),

group_kpis as (select * from {{ ref('int_component_kpis') }} where use = 'pool'),

share_kpis as (select * from {{ ref('int_component_kpis') }} where use = 'share'),

pools as (select * from {{ source('inputs', 'pools') }}),

plans as (select * from {{ source('inputs', 'plans') }}),

scores as (select * from {{ ref('int_scores') }}),

pool_members as (
    select
        component_periods.*,
        pools.amount as pool_amount,
        pools.rate as pool_rate,
        pools.share_by,
        pools.within,
        plans.currency,
        {{ group_of('pools.within', 'component_periods') }} as group_id,
        group_kpis.kpi as group_kpi,
        group_kpis.measured as group_value,
        case pools.share_by
            when 'score' then cast(scores.score as decimal(24, 10))
            when 'salary' then cast(component_periods.base_salary as decimal(24, 10))
            when 'attainment' then cast(share_kpis.measured as decimal(24, 10))
            else 1
        end as measured
    from component_periods
    inner join pools
        on
            component_periods.plan_version_id = pools.plan_version_id
            and component_periods.component = pools.component
    inner join plans on component_periods.plan_version_id = plans.plan_version_id
    left join scores
        on
            component_periods.participant_id = scores.participant_id
            and component_periods.plan_version_id = scores.plan_version_id
            and component_periods.period = scores.period
    left join group_kpis
        on
            component_periods.participant_id = group_kpis.participant_id
            and component_periods.plan_version_id = group_kpis.plan_version_id
            and component_periods.component = group_kpis.component
            and component_periods.period = group_kpis.period
    left join share_kpis
        on
            component_periods.participant_id = share_kpis.participant_id
            and component_periods.plan_version_id = share_kpis.plan_version_id
            and component_periods.component = share_kpis.component
            and component_periods.period = share_kpis.period
)

select * from pool_members
