-- One row per participant, period, plan and award won: an honour or points, no money.
with

won as (select * from {{ ref('int_awards') }}),

run as (select * from {{ source('inputs', 'run') }}),

awards as (
    select
        won.participant_id,
        won.period,
        won.plan,
        won.plan_version_id as plan_version,
        won.component,
        won.title_en,
        won.title_zh,
        {{ published('won.points') }} as points,
        won.status,
        won.why,
        run.run_id
    from won
    cross join run
)

select * from awards
