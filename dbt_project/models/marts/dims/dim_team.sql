-- One row per team.
with

teams as (select * from {{ ref('stg_teams') }}),

run as (select run_id from {{ source('inputs', 'run') }}),

dim_team as (
    select
        teams.team_id,
        coalesce(teams.name, teams.team_id) as name,
        teams.parent_team_id,
        teams.region,
        run.run_id
    from teams
    cross join run
)

select * from dim_team
