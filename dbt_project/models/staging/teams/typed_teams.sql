{{ config(materialized='table', meta=by_batch('teams')) }}
-- One row per landed row of teams: typed, with the first rule of its own that it breaks.
-- Teams form a tree: a cycle is quarantined, and so is what hangs below a quarantined team.
with

delivered as (select * from {{ source('landing', 'teams') }}),

typed as (
    select
        _batch_no,
        _row,
        team_id,
        name,
        parent_team_id,
        region,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['team_id']),
            row = []
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        team_id,
        name,
        parent_team_id,
        region,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
