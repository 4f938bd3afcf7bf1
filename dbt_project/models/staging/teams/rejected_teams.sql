{{ config(materialized='table') }}
-- One row per landed row of teams that is not staged: quarantined with its first fault, or superseded.
-- A team stands when its chain of parents ends in a team without parent. One that does not is part of a cycle, or hangs
-- below a team that was never delivered, was deleted, or does not stand itself.
{% set typed = ref('typed_teams') %}

with recursive

own as ({{ own_faults(typed) }}),

superseded as ({{ superseded_versions(typed, 'own', ['team_id']) }}),

latest as (
    select
        _batch_no,
        _row,
        team_id,
        parent_team_id
    from {{ typed }} as typed
    where
        _rule is null
        and {{ is_none_of('typed', ['superseded']) }}
),

standing as (
    select team_id from latest
    where parent_team_id is null
    union
    select latest.team_id
    from latest
    inner join standing on latest.parent_team_id = standing.team_id
),

hanging as (select * from latest where team_id not in (select team_id from standing)),

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

parents as (
    select
        typed.team_id,
        max(typed.team_id in (select latest.team_id from latest)) as is_present,
        max(superseded.rule = 'deleted') as is_deleted
    from {{ typed }} as typed
    left join superseded
        on typed._batch_no = superseded._batch_no and typed._row = superseded._row
    group by typed.team_id
),

faults as (
    select
        hanging._batch_no,
        hanging._row,
        'quarantined' as state,
        case
            when exists (
                select 1 from ancestors
                where ancestors.team_id = hanging.team_id and ancestors.ancestor_id = hanging.team_id
            ) then 'cycle'
            when parents.team_id is null then 'unknown_team'
            when parents.is_deleted and not parents.is_present then 'parent_deleted'
            else 'parent_quarantined'
        end as rule,
        'parent_team_id' as field,
        hanging.parent_team_id as value,
        'a delivered team that is not below this one and stands itself' as expected
    from hanging
    left join parents on hanging.parent_team_id = parents.team_id
),

rejected as (
    select _batch_no, _row, state, rule, field, value, expected from own
    union all
    select * from superseded
    union all
    select * from faults
)

select * from rejected
