{{ config(materialized='view') }}
-- One row per team: its latest valid version.
with

typed as (select * from {{ ref('typed_teams') }}),

staged as (
    select
        _batch_no,
        _row,
        team_id,
        name,
        parent_team_id,
        region
    from typed
    where {{ is_none_of('typed', [ref('rejected_teams')]) }}
)

select * from staged
