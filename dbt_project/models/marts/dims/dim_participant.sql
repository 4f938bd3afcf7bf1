-- One row per participant and effective range.
with

ranges as (select * from {{ ref('int_participant_ranges') }}),

run as (select run_id from {{ source('inputs', 'run') }}),

dim_participant as (
    select
        ranges.participant_id,
        ranges.starts_on as effective_from,
        ranges.ends_on as effective_to,
        ranges.name,
        ranges.role,
        ranges.team_id,
        ranges.manager_id,
        ranges.hired_on,
        ranges.left_on,
        ranges.locale,
        ranges.plan,
        ranges.plan_version_id as plan_version,
        run.run_id
    from ranges
    cross join run
)

select * from dim_participant
