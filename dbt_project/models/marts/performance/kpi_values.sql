-- One row per participant, team and the company, KPI, period, slice and variant: value, target and attainment.
with

company as (select * from {{ source('inputs', 'run') }}),

measured as (select * from {{ ref('int_kpi_values') }} where scope <> 'segment'),

targets as (select * from {{ ref('int_targets') }}),

kpi_values as (
    select
        company.run_id,
        measured.scope,
        measured.scope_id,
        measured.kpi,
        measured.period,
        measured.slice,
        measured.variant,
        {{ published('measured.value') }} as value,
        {{ published('measured.numerator') }} as numerator,
        {{ published('measured.denominator') }} as denominator,
        measured.sample_size,
        {{ published('targets.target') }} as target,
        {{ published(ratio('measured.value', 'targets.target')) }} as attainment
    from measured
    cross join company
    left join targets
        on
            measured.scope = targets.scope
            and measured.scope_id = targets.scope_id
            and measured.kpi = targets.kpi
            and measured.period = targets.period
)

select * from kpi_values
