-- One row per participant, plan version, component with a multiplier, window and month: the factor on what was earned.
-- A score or grade counts once its own period is over; until then, and without one, the factor is 0 and all pay is held.
with

components as (select * from {{ source('inputs', 'components') }} where multiplier_by is not null),

factors as (select * from {{ source('inputs', 'component_factors') }}),

asked as (select * from {{ ref('int_judged_months') }}),

scores as (select * from {{ ref('int_multiplier_scores') }}),

linked as (select * from {{ ref('int_linked_attainments') }}),

kpi_values as (select * from {{ ref('int_kpi_values') }}),

targets as (select * from {{ ref('int_judged_targets') }}),

curves as (select * from {{ source('inputs', 'curves') }}),

segments as (select * from {{ source('inputs', 'curve_segments') }}),

multiplied as (
    select
        asked.*,
        components.multiplier_by,
        components.multiplier_kpi,
        components.multiplier_variant,
        components.multiplier_of_kpi,
        components.multiplier_component,
        components.multiplier_curve_id,
        {{ scope_of('components.multiplier_scope', 'asked') }} as scope,
        {{ scope_id_of('components.multiplier_scope', 'asked') }} as scope_id
    from asked
    inner join components
        on asked.plan_version_id = components.plan_version_id and asked.component = components.component
),

read as (
    select
        multiplied.participant_id,
        multiplied.plan_version_id,
        multiplied.component,
        multiplied.window_period,
        multiplied.month,
        multiplied.multiplier_by,
        multiplied.multiplier_curve_id,
        scores.grade,
        case multiplied.multiplier_by
            when 'score' then scores.score
            when 'component' then linked.attainment
            when 'attainment' then {{ ratio('kpi_values.value', 'targets.target') }}
        end as x,
        coalesce(factors.factor, 0) as grade_factor
    from multiplied
    left join scores
        on
            multiplied.participant_id = scores.participant_id
            and multiplied.plan_version_id = scores.plan_version_id
            and multiplied.component = scores.component
            and multiplied.window_period = scores.window_period
            and multiplied.month = scores.month
    left join factors
        on
            multiplied.plan_version_id = factors.plan_version_id
            and multiplied.component = factors.component
            and scores.grade = factors.grade
    left join linked
        on
            multiplied.participant_id = linked.participant_id
            and multiplied.plan_version_id = linked.plan_version_id
            and multiplied.multiplier_component = linked.component
            and multiplied.month = linked.month
    left join kpi_values
        on
            multiplied.scope = kpi_values.scope
            and multiplied.scope_id = kpi_values.scope_id
            and coalesce(multiplied.multiplier_of_kpi, multiplied.multiplier_kpi) = kpi_values.kpi
            and multiplied.window_to_date = kpi_values.period
            and kpi_values.slice = 'all'
            and kpi_values.variant
            = case when multiplied.multiplier_of_kpi is null then multiplied.multiplier_variant else '' end
    left join targets
        on
            multiplied.scope = targets.scope
            and multiplied.scope_id = targets.scope_id
            and coalesce(multiplied.multiplier_of_kpi, multiplied.multiplier_kpi) = targets.kpi
            and multiplied.window_period = targets.period
            and multiplied.month = targets.known_month
),

multiplier_factors as (
    select
        read.participant_id,
        read.plan_version_id,
        read.component,
        read.window_period,
        read.month,
        cast(
            case
                when read.multiplier_by = 'grade' then read.grade_factor
                else coalesce({{ on_curve('read.x') }}, 0)
            end as decimal(18, 10)
        ) as factor,
        case
            when read.multiplier_by = 'grade' then 'grade ' || coalesce(read.grade, 'not known yet')
            when read.x is null then read.multiplier_by || ' not known yet'
            else read.multiplier_by || ' ' || cast({{ published('read.x') }} as varchar)
        end as because,
        case read.multiplier_by
            when 'grade' then read.grade is null
            when 'score' then read.x is null
            else false
        end as is_held
    from read
    left join curves on read.multiplier_curve_id = curves.curve_id
    left join segments on read.multiplier_curve_id = segments.curve_id and {{ in_segment('read.x') }}
)

select * from multiplier_factors
