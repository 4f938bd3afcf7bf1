-- One row per participant, period and plan version: the score and its grade before and after calibration and gates. Where
-- a calibration is frozen after close, the grade of a closed period is the booked one.
with

score_lines as (select * from {{ ref('int_score_lines') }}),

scorecards as (select * from {{ ref('int_scorecards') }}),

grades as (select * from {{ source('inputs', 'scorecard_grades') }}),

distribution as (select * from {{ source('inputs', 'scorecard_distribution') }}),

booked_grades as (select * from {{ source('inputs', 'booked_grades') }}),

hits as (
    select
        participant_id,
        plan_version_id,
        period,
        max(grade_rank) as grade_rank,
        string_agg(
            kpi || ' ' || cast({{ published('value') }} as varchar)
            || case comparison when 'at_least' then ' < ' else ' > ' end
            || cast({{ published('threshold') }} as varchar),
            '; ' order by gate_no
        ) as gate_hits
    from {{ ref('int_gate_hits') }}
    group by participant_id, plan_version_id, period
),

summed as (
    select
        participant_id,
        plan_version_id,
        period,
        -- A score is whole or it is held: one line without points holds it, unless its weight went to the others.
        case
            when count(*) filter (where weighted_points is null) = 0
                then cast(sum(weighted_points) as decimal(18, 10))
        end as score
    from score_lines
    group by participant_id, plan_version_id, period
),

raw_graded as (
    select
        scorecards.*,
        {{ group_of('scorecards.calibrate_within', 'scorecards') }} as calibration_group,
        summed.score,
        min(grades.grade_rank) as raw_grade_rank
    from scorecards
    inner join summed
        on
            scorecards.participant_id = summed.participant_id
            and scorecards.plan_version_id = summed.plan_version_id
            and scorecards.period = summed.period
    left join grades
        on scorecards.plan_version_id = grades.plan_version_id and summed.score >= grades.from_score
    group by all
),

ranked as (
    select
        *,
        rank() over (partition by plan, period, score is null, calibration_group order by score desc) as group_rank,
        count(score) over (partition by plan, period, calibration_group) as group_size
    from raw_graded
),

distributed as (
    select
        ranked.participant_id,
        ranked.plan_version_id,
        ranked.period,
        min(distribution.grade_rank) as distribution_rank
    from ranked
    inner join distribution
        on
            ranked.plan_version_id = distribution.plan_version_id
            and ranked.group_rank <= round(ranked.group_size * distribution.cumulative_share, 0)
    where ranked.score is not null
    group by ranked.participant_id, ranked.plan_version_id, ranked.period
),

calibrated as (
    select
        ranked.*,
        case when ranked.calibrate_within is null then ranked.raw_grade_rank else distributed.distribution_rank end
            as calibrated_rank
    from ranked
    left join distributed
        on
            ranked.participant_id = distributed.participant_id
            and ranked.plan_version_id = distributed.plan_version_id
            and ranked.period = distributed.period
),

gated as (
    select
        calibrated.*,
        hits.gate_hits,
        -- A gate lowers a grade and gives none to a score that is held.
        case
            when calibrated.calibrated_rank is not null
                then greatest(calibrated.calibrated_rank, coalesce(hits.grade_rank, calibrated.calibrated_rank))
        end as final_rank
    from calibrated
    left join hits
        on
            calibrated.participant_id = hits.participant_id
            and calibrated.plan_version_id = hits.plan_version_id
            and calibrated.period = hits.period
),

scores as (
    select
        gated.participant_id,
        gated.plan,
        gated.plan_version_id,
        gated.period,
        gated.team_id,
        gated.role,
        gated.is_final,
        gated.score,
        raw_grades.grade as raw_grade,
        coalesce(booked_grades.grade, final_grades.grade) as grade,
        case
            when gated.score is null then 'incomplete'
            when gated.is_final then 'final'
            else 'provisional'
        end as status,
        coalesce(gated.gate_hits, '') as gate_hits,
        case when gated.score is not null and gated.team_id is not null then rank() over in_team end as rank_in_team,
        case when gated.score is not null then rank() over in_role end as rank_in_role
    from gated
    left join grades as raw_grades
        on gated.plan_version_id = raw_grades.plan_version_id and gated.raw_grade_rank = raw_grades.grade_rank
    left join grades as final_grades
        on gated.plan_version_id = final_grades.plan_version_id and gated.final_rank = final_grades.grade_rank
    left join booked_grades
        on
            case when gated.is_frozen_after_close then gated.participant_id end = booked_grades.participant_id
            and gated.plan_version_id = booked_grades.plan_version_id
            and gated.period = booked_grades.period
    window
        in_team as (partition by gated.period, gated.team_id, gated.score is null order by gated.score desc),
        in_role as (partition by gated.period, gated.role, gated.score is null order by gated.score desc)
)

select * from scores
