-- One row per participant and maximal range of days with the same role, team, manager, pay and plan in force.
-- The ranges of a participant cover 1900-01-01 to 9999-12-31 without gap or overlap.
with

participants as (select * from {{ ref('int_participants') }}),

assignments as (select * from {{ source('inputs', 'plan_assignments') }}),

versions as (select * from {{ ref('int_plan_versions') }}),

-- A plan may be assigned to a person, a role or a team; the nearest counts.
members as (
    select participant_id, starts_on, ends_on, 3 as level, participant_id as member_id from participants
    union all
    select participant_id, starts_on, ends_on, 2 as level, role as member_id from participants
    union all
    select participant_id, starts_on, ends_on, 1 as level, team_id as member_id from participants
),

candidates as (
    select
        members.participant_id,
        assignments.plan_version_id,
        versions.plan,
        assignments.level,
        greatest(members.starts_on, versions.in_force_from) as starts_on,
        least(members.ends_on, versions.in_force_to) as ends_on
    from members
    inner join assignments on members.level = assignments.level and members.member_id = assignments.member_id
    inner join versions
        on
            assignments.plan_version_id = versions.plan_version_id
            and members.starts_on <= versions.in_force_to
            and members.ends_on >= versions.in_force_from
),

boundaries as (
    select participant_id, starts_on from participants
    union
    select participant_id, starts_on from candidates
    union
    select participant_id, ends_on + 1 as starts_on from candidates where ends_on < date '9999-12-31'
),

pieces as (
    select
        participant_id,
        starts_on,
        coalesce(
            lead(starts_on) over (partition by participant_id order by starts_on) - 1, date '9999-12-31'
        ) as ends_on
    from boundaries
),

planned as (
    select
        pieces.participant_id,
        pieces.starts_on,
        arg_max(candidates.plan_version_id, candidates.level) as plan_version_id,
        arg_max(candidates.plan, candidates.level) as plan
    from pieces
    inner join candidates
        on
            pieces.participant_id = candidates.participant_id
            and pieces.starts_on between candidates.starts_on and candidates.ends_on
    group by pieces.participant_id, pieces.starts_on
),

ranges as (
    select
        cast(row_number() over (order by pieces.participant_id, pieces.starts_on) as integer) as range_id,
        pieces.participant_id,
        pieces.starts_on,
        pieces.ends_on,
        participants.name,
        participants.role,
        participants.team_id,
        participants.manager_id,
        participants.hired_on,
        participants.left_on,
        participants.base_salary,
        participants.variable_pay,
        participants.currency,
        participants.pay_currency,
        participants.locale,
        planned.plan_version_id,
        planned.plan
    from pieces
    inner join participants
        on
            pieces.participant_id = participants.participant_id
            and pieces.starts_on between participants.starts_on and participants.ends_on
    left join planned
        on pieces.participant_id = planned.participant_id and pieces.starts_on = planned.starts_on
)

select * from ranges
