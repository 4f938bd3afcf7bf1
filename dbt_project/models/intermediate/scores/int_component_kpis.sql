-- One row per participant, plan version, component, period and use of a KPI: the value it reads, or its attainment.
with

component_periods as (select * from {{ ref('int_component_periods') }}),

component_kpis as (select * from {{ source('inputs', 'component_kpis') }}),

kpi_values as (select * from {{ ref('int_kpi_values') }}),

targets as (select * from {{ ref('int_targets') }}),

asked as (
    select
        component_periods.participant_id,
        component_periods.plan_version_id,
        component_periods.component,
        component_periods.period,
        component_periods.own_scope,
        component_kpis.use,
        component_kpis.kpi,
        component_kpis.variant,
        component_kpis.slice,
        component_kpis.reads,
        case when component_kpis.scope in ('team', 'company') then component_kpis.scope else component_periods.own_scope end
            as scope,
        case component_kpis.scope
            when 'team' then component_periods.team_id
            when 'company' then 'company'
            else component_periods.own_scope_id
        end as scope_id,
        -- What is known of a whole period only (an agreed objective, a figure that comes ready-made) holds for its parts.
        case
            when component_periods.own_scope = 'segment' and component_kpis.scope not in ('team', 'company')
                then component_periods.participant_id
        end as whole_id
    from component_periods
    inner join component_kpis
        on
            component_periods.plan_version_id = component_kpis.plan_version_id
            and component_periods.component = component_kpis.component
),

valued as (
    select
        asked.*,
        coalesce(own_values.value, participant_values.value) as value,
        targets.target
    from asked
    left join kpi_values as own_values
        on
            asked.scope = own_values.scope
            and asked.scope_id = own_values.scope_id
            and asked.kpi = own_values.kpi
            and asked.period = own_values.period
            and asked.slice = own_values.slice
            and asked.variant = own_values.variant
    left join kpi_values as participant_values
        on
            participant_values.scope = 'participant'
            and asked.whole_id = participant_values.scope_id
            and asked.kpi = participant_values.kpi
            and asked.period = participant_values.period
            and asked.slice = participant_values.slice
            and asked.variant = participant_values.variant
    left join targets
        on
            asked.scope = targets.scope
            and asked.scope_id = targets.scope_id
            and asked.kpi = targets.kpi
            and asked.period = targets.period
),

read_values as (
    select
        participant_id,
        plan_version_id,
        component,
        period,
        use,
        kpi,
        value as kpi_value,
        case when reads = 'attainment' then target end as kpi_target,
        case
            when reads = 'attainment' then {{ ratio('value', 'target') }}
            else cast(value as decimal(24, 10))
        end as measured
    from valued
)

select * from read_values
