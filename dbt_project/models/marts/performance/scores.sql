-- One row per participant, period and plan version: score, grade before and after calibration and gates, and rank.
with

computed as (select * from {{ ref('int_scores') }}),

booked as (select * from {{ source('booked', 'scores') }}),

run as (select * from {{ source('inputs', 'run') }}),

scores as (
    select
        computed.participant_id,
        computed.period,
        computed.plan,
        computed.plan_version_id as plan_version,
        {{ published('computed.score') }} as score,
        computed.raw_grade,
        computed.grade,
        computed.status,
        booked.score as booked_score,
        booked.grade as booked_grade,
        computed.gate_hits,
        cast(computed.rank_in_team as integer) as rank_in_team,
        cast(computed.rank_in_role as integer) as rank_in_role,
        run.run_id
    from computed
    cross join run
    left join booked
        on
            computed.participant_id = booked.participant_id
            and computed.period = booked.period
            and computed.plan_version_id = booked.plan_version
)

select * from scores
