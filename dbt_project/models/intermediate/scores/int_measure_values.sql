-- One row per scorecard measure of a participant and period: value, target and attainment before the curve.
with

scorecards as (select * from {{ ref('int_scorecards') }}),

measures as (select * from {{ source('inputs', 'scorecard_measures') }}),

catalogue as (select * from {{ source('inputs', 'kpi_catalogue') }}),

kpi_values as (select * from {{ ref('int_kpi_values') }}),

targets as (select * from {{ ref('int_targets') }}),

asked as (
    select
        scorecards.*,
        measures.measure,
        measures.position,
        measures.kpi,
        measures.perspective,
        measures.weight as plan_weight,
        measures.target as plan_target,
        measures.scope as measure_scope,
        measures.variant,
        measures.slice,
        measures.direction,
        measures.inverse,
        measures.curve_id,
        catalogue.is_additive,
        -- quota_attainment may name another KPI than bookings.
        case when measures.kpi = 'quota_attainment' then measures.of_kpi end as of_kpi,
        {{ scope_of('measures.scope', 'scorecards') }} as scope,
        {{ scope_id_of('measures.scope', 'scorecards') }} as scope_id,
        {{ whole_id_of('measures.scope', 'scorecards') }} as whole_id
    from scorecards
    inner join measures on scorecards.plan_version_id = measures.plan_version_id
    inner join catalogue on measures.kpi = catalogue.kpi
),

valued as (
    select
        asked.*,
        coalesce(
            case
                when asked.of_kpi is null then own_values.value
                else {{ ratio('own_values.value', 'of_targets.target') }}
            end,
            participant_values.value
        ) as value,
        case
            when asked.plan_target is null then targets.target
            when asked.is_additive and asked.measure_scope = 'own'
                then {{ prorated('asked.plan_target', 'asked.service_units', 'asked.months') }}
            else asked.plan_target
        end as target
    from asked
    {{ with_values_and_target('coalesce(asked.of_kpi, asked.kpi)') }}
    left join targets as of_targets
        on
            asked.scope = of_targets.scope
            and asked.scope_id = of_targets.scope_id
            and asked.of_kpi = of_targets.kpi
            and asked.period = of_targets.period
),

attained as (
    select
        *,
        case
            when direction <> 'lower' then {{ ratio('value', 'target') }}
            when inverse = 'two_minus_ratio' then cast(2 - {{ ratio('value', 'target') }} as decimal(18, 10))
            else {{ ratio('target', 'value') }}
        end as attainment,
        -- target ÷ value has no limit when the value falls to 0: the cap answers.
        direction = 'lower' and inverse = 'target_over_value' and value = 0 as is_at_cap
    from valued
)

select * from attained
