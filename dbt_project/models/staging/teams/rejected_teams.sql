{{ config(materialized='table') }}
-- One row per landed row of teams that is not staged: quarantined with its first fault, or superseded.
-- A team stands when its chain of parents ends in a team without parent. One that does not is part of a cycle, or hangs
-- below a team that was never delivered, was deleted, or does not stand itself.
{% set typed = ref('typed_teams') %}

with recursive

own as (
    {{ own_faults(typed) }}
),

superseded as (
    {{ superseded_versions(typed, 'own', ['team_id']) }}
),

latest as (
    select
        typed._batch_no,
        typed._row,
        typed.team_id,
        typed.parent_team_id
    from {{ typed }} as typed
    left join superseded on typed._batch_no = superseded._batch_no and typed._row = superseded._row
    where typed._broken is null and superseded._batch_no is null
),

standing as (
    select team_id from latest
    where parent_team_id is null
    union
    select latest.team_id
    from latest
    inner join standing on latest.parent_team_id = standing.team_id
),

hanging as (
    select latest.*
    from latest
    left join standing on latest.team_id = standing.team_id
    where standing.team_id is null
),

ancestors as (
    select
        team_id,
        parent_team_id as ancestor_id
    from hanging
    union
    select
        ancestors.team_id,
        hanging.parent_team_id as ancestor_id
    from ancestors
    inner join hanging on ancestors.ancestor_id = hanging.team_id
),

cycles as (
    select distinct team_id from ancestors
    where team_id = ancestor_id
),

delivered as (
    select
        typed.team_id,
        count(latest.team_id) as latest_versions,
        count(*) filter (where superseded.rule = 'deleted') as deletions
    from {{ typed }} as typed
    left join latest on typed._batch_no = latest._batch_no and typed._row = latest._row
    left join superseded on typed._batch_no = superseded._batch_no and typed._row = superseded._row
    group by typed.team_id
),

faults as (
    select
        hanging._batch_no,
        hanging._row,
        'quarantined' as state,
        case
            when cycles.team_id is not null then 'cycle'
            when delivered.team_id is null then 'unknown_team'
            when delivered.deletions > 0 and delivered.latest_versions = 0 then 'parent_deleted'
            else 'parent_quarantined'
        end as rule,
        'parent_team_id' as field,
        hanging.parent_team_id as value,
        'a delivered team that stands itself and is not below this one' as expected
    from hanging
    left join cycles on hanging.team_id = cycles.team_id
    left join delivered on hanging.parent_team_id = delivered.team_id
),

rejected as (
    select
        _batch_no,
        _row,
        state,
        rule,
        field,
        value,
        expected
    from own
    union all
    select * from superseded
    union all
    select * from faults
)

select * from rejected
