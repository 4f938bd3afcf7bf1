{{ config(meta=local_by(['scope', 'scope_id'], ['int_kpi_values', 'int_targets'])) }}
-- One row per participant, team and the company, KPI, period, slice and variant: value, target and attainment.
with

company as (select * from {{ source('inputs', 'run') }}),

measured as (select * from {{ ref('int_kpi_values') }} where scope <> 'segment'),

targets as (select * from {{ ref('int_targets') }}),

targeted as (
    select
        measured.*,
        targets.target,
        case
            when targets.target is not null
                then {{ quick_ratio('measured.value', 'cast(targets.target as decimal(26, 10))') }}
        end as attainment
    from measured
    left join targets
        on
            measured.scope = targets.scope
            and measured.scope_id = targets.scope_id
            and measured.kpi = targets.kpi
            and measured.period = targets.period
),

kpi_values as (
    select
        company.run_id,
        targeted.scope,
        targeted.scope_id,
        targeted.kpi,
        targeted.period,
        targeted.slice,
        targeted.variant,
        {{ quickly_published('targeted.value') }} as value,
        {{ quickly_published('targeted.numerator') }} as numerator,
        {{ quickly_published('targeted.denominator') }} as denominator,
        targeted.sample_size,
        {{ published('targeted.target') }} as target,
        {{ quickly_published('targeted.attainment') }} as attainment
    from targeted
    cross join company
)

select * from kpi_values
