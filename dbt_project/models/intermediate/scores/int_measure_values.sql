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
        case when measures.scope in ('team', 'company') then measures.scope else scorecards.own_scope end as scope,
        case measures.scope
            when 'team' then scorecards.team_id
            when 'company' then 'company'
            else scorecards.own_scope_id
        end as scope_id,
        case
            when scorecards.own_scope = 'segment' and measures.scope not in ('team', 'company')
                then scorecards.participant_id
        end as whole_id
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
    left join kpi_values as own_values
        on
            asked.scope = own_values.scope
            and asked.scope_id = own_values.scope_id
            and coalesce(asked.of_kpi, asked.kpi) = own_values.kpi
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
