{{ config(materialized='view') }}
-- One row per participant, plan version, component multiplied by score or grade, window and month with a score that counts
-- in it: the last one complete by then; a window shorter than the scorecard's period waits for the score of the period it
-- lies in.
with

components as (select * from {{ source('inputs', 'components') }} where multiplier_by in ('score', 'grade')),

asked as (select * from {{ ref('int_judged_months') }}),

scorecards as (select * from {{ source('inputs', 'scorecards') }}),

scores as (select * from {{ ref('int_scores') }}),

periods as (select * from {{ source('inputs', 'calendar_periods') }}),

counting as (
    select
        asked.participant_id,
        asked.plan_version_id,
        asked.component,
        asked.window_period,
        asked.month,
        arg_max(periods.period, periods.starts_on) as period
    from asked
    inner join components
        on asked.plan_version_id = components.plan_version_id and asked.component = components.component
    inner join scorecards on asked.plan_version_id = scorecards.plan_version_id
    inner join periods as windows on asked.window_period = windows.period
    inner join periods
        on
            scorecards.period_kind = periods.kind
            and case
                when asked.window_starts_on <= periods.starts_on and windows.ends_on >= periods.ends_on
                    then asked.month_ends_on >= periods.ends_on
                else asked.month_ends_on <= periods.ends_on
            end
            and asked.month_starts_on >= periods.starts_on
    where periods.ends_on >= asked.window_starts_on
    group by asked.participant_id, asked.plan_version_id, asked.component, asked.window_period, asked.month
),

multiplier_scores as (
    select counting.*, scores.score, scores.grade
    from counting
    inner join scores
        on
            counting.participant_id = scores.participant_id
            and counting.plan_version_id = scores.plan_version_id
            and counting.period = scores.period
    where scores.is_final
)

select * from multiplier_scores
