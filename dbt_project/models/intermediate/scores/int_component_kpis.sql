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
        {{ scope_of('component_kpis.scope', 'component_periods') }} as scope,
        {{ scope_id_of('component_kpis.scope', 'component_periods') }} as scope_id,
        {{ whole_id_of('component_kpis.scope', 'component_periods') }} as whole_id
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
    {{ with_values_and_target('asked.kpi') }}
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
