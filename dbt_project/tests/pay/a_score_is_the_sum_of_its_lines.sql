-- A score is Σ weight × points of its lines, whose weights add up to 1; one line held back holds the score.
with

lines as (
    select
        participant_id,
        plan_version_id,
        period,
        cast(sum(weighted_points) as decimal(18, 10)) as score,
        count(*) filter (where weighted_points is null) as held,
        abs(sum(weight) - 1) as weight_error
    from {{ ref('int_score_lines') }}
    group by participant_id, plan_version_id, period
),

scores as (select * from {{ ref('int_scores') }})

select
    scores.participant_id,
    scores.period,
    scores.score,
    lines.score as line_score
from scores
left join lines
    on
        scores.participant_id = lines.participant_id
        and scores.plan_version_id = lines.plan_version_id
        and scores.period = lines.period
where
    (coalesce(lines.held, 1) > 0 and scores.score is not null)
    or (lines.held = 0 and scores.score is distinct from lines.score)
    -- a weight handed on is rounded to ten places
    or lines.weight_error > 0.000000001
