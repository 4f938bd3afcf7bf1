-- One row per team.
with

teams as (select * from {{ ref('stg_teams') }}),

dim_team as (
    select team_id, coalesce(name, team_id) as name, parent_team_id, region
    from teams
)

select * from dim_team
