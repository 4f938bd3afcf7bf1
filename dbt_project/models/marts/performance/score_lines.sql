-- One row per participant, period, plan and measure: value, target, attainment and the points it brings.
with

lines as (select * from {{ ref('int_score_lines') }}),

run as (select * from {{ source('inputs', 'run') }}),

score_lines as (
    select
        lines.participant_id,
        lines.period,
        lines.plan,
        lines.plan_version_id as plan_version,
        lines.measure,
        lines.kpi,
        lines.perspective,
        {{ published('lines.weight') }} as weight,
        {{ published('lines.value') }} as value,
        {{ published('lines.target') }} as target,
        {{ published('lines.attainment') }} as attainment,
        {{ published('lines.points') }} as points,
        {{ published('lines.weighted_points') }} as weighted_points,
        lines.note,
        run.run_id
    from lines
    cross join run
)

select * from score_lines
