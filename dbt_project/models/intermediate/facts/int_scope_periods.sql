-- One row per scope member and period in which it existed: participants (and their segments) from the day they were
-- hired to the day they left, teams and the company always.
with

ranges as (select * from {{ ref('int_participant_ranges') }}),

members as (select * from {{ ref('int_scope_members') }}),

periods as (select * from {{ source('inputs', 'periods') }}),

employed as (
    select
        range_id,
        greatest(starts_on, coalesce(hired_on, starts_on)) as starts_on,
        least(ends_on, coalesce(left_on, ends_on)) as ends_on
    from ranges
),

people as (
    select distinct members.scope, members.scope_id, periods.period
    from employed
    inner join periods on employed.starts_on <= periods.ends_on and employed.ends_on >= periods.starts_on
    inner join members on employed.range_id = members.range_id
    where members.scope in ('participant', 'segment')
),

groups as (
    select scope, scope_id from members where scope in ('team', 'company')
    union
    select 'team' as scope, team_id as scope_id from {{ ref('stg_teams') }}
),

scope_periods as (
    select scope, scope_id, period from people
    union all
    select groups.scope, groups.scope_id, periods.period
    from groups
    cross join periods
)

select * from scope_periods
