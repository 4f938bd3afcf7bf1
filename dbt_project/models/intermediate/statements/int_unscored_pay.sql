-- One row per participant, component and period paid by a score that is held back for want of data, and why.
with

component_periods as (select * from {{ ref('int_component_periods') }} where payout_on = 'score' and is_last_month),

scores as (select * from {{ ref('int_scores') }} where score is null),

score_lines as (select * from {{ ref('int_score_lines') }}),

missing as (
    select
        participant_id,
        plan_version_id,
        period,
        string_agg(measure, ', ' order by measure) as measures
    from score_lines
    where value is null
    group by participant_id, plan_version_id, period
),

unscored as (
    select
        component_periods.participant_id,
        component_periods.plan_version_id,
        component_periods.component,
        component_periods.origin_period,
        '评分待定，缺少数据：' || coalesce(missing.measures, '–')
        || ' / the score waits for data: ' || coalesce(missing.measures, '–') as because
    from component_periods
    inner join scores
        on
            component_periods.participant_id = scores.participant_id
            and component_periods.plan_version_id = scores.plan_version_id
            and component_periods.period = scores.period
    left join missing
        on
            component_periods.participant_id = missing.participant_id
            and component_periods.plan_version_id = missing.plan_version_id
            and component_periods.period = missing.period
)

select * from unscored
