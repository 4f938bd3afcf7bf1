-- One row per participant, plan version, component with a multiplier, window and month: the factor on what was earned.
-- A score or grade counts once its own period is over; until then, and without one, the factor is 0.
with

components as (select * from {{ source('inputs', 'components') }} where multiplier_by is not null),

factors as (select * from {{ source('inputs', 'component_factors') }}),

asked as (select * from {{ ref('int_judged_months') }}),

scorecards as (select * from {{ source('inputs', 'scorecards') }}),

scores as (select * from {{ ref('int_scores') }}),

periods as (select * from {{ source('inputs', 'calendar_periods') }}),

kpi_values as (select * from {{ ref('int_kpi_values') }}),

targets as (select * from {{ ref('int_targets') }}),

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
        components.accumulate,
        {{ scope_of('components.multiplier_scope', 'asked') }} as scope,
        {{ scope_id_of('components.multiplier_scope', 'asked') }} as scope_id
    from asked
    inner join components
        on asked.plan_version_id = components.plan_version_id and asked.component = components.component
),

-- The score that counts in a month of a window is the last one complete by then; a window shorter than the scorecard's
-- period waits for the score of the period it lies in.
scored as (
    select
        multiplied.participant_id,
        multiplied.plan_version_id,
        multiplied.component,
        multiplied.window_period,
        multiplied.month,
        arg_max(periods.period, periods.starts_on) as score_period
    from multiplied
    inner join scorecards on multiplied.plan_version_id = scorecards.plan_version_id
    inner join periods
        on
            scorecards.period_kind = periods.kind
            and case
                when multiplied.window_starts_on <= periods.starts_on then multiplied.month_ends_on >= periods.ends_on
                else multiplied.month_ends_on <= periods.ends_on
            end
            and multiplied.month_starts_on >= periods.starts_on
    where
        multiplied.multiplier_by in ('score', 'grade')
        and periods.ends_on >= multiplied.window_starts_on
    group by all
),

-- The attainment of another component: its own measure against its quota, or what its payout curve reads.
linked as (
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
        case when scores.is_final then scores.grade end as grade,
        case multiplied.multiplier_by
            when 'score' then case when scores.is_final then scores.score end
            when 'component' then linked.attainment
            when 'attainment'
                then {{ ratio('kpi_values.value', 'targets.target') }}
        end as x,
        case when scores.is_final then coalesce(factors.factor, 0) else 0 end as grade_factor
    from multiplied
    left join scored
        on
            multiplied.participant_id = scored.participant_id
            and multiplied.plan_version_id = scored.plan_version_id
            and multiplied.component = scored.component
            and multiplied.window_period = scored.window_period
            and multiplied.month = scored.month
    left join scores
        on
            multiplied.participant_id = scores.participant_id
            and multiplied.plan_version_id = scores.plan_version_id
            and scored.score_period = scores.period
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
        end as because
    from read
    left join curves on read.multiplier_curve_id = curves.curve_id
    left join segments on read.multiplier_curve_id = segments.curve_id and {{ in_segment('read.x') }}
)

select * from multiplier_factors
