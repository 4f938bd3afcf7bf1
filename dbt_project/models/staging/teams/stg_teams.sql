{{ config(materialized='view') }}
-- One row per team: its latest valid version.
with

typed as (select * from {{ ref('typed_teams') }}),

rejected as (select * from {{ ref('rejected_teams') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.team_id,
        typed.name,
        typed.parent_team_id,
        typed.region
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
