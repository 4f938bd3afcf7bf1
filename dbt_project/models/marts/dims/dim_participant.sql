-- One row per participant and effective range.
with

ranges as (select * from {{ ref('int_participant_ranges') }}),

dim_participant as (
    select
        participant_id,
        starts_on as effective_from,
        ends_on as effective_to,
        name,
        role,
        team_id,
        manager_id,
        hired_on,
        left_on,
        locale,
        plan,
        plan_version_id as plan_version
    from ranges
)

select * from dim_participant
