-- One row per team and each team above it, itself included (distance 0).
with recursive

teams as (select * from {{ ref('stg_teams') }}),

ancestors as (
    select team_id, team_id as ancestor_id, 0 as distance
    from teams
    union all
    select ancestors.team_id, teams.parent_team_id as ancestor_id, ancestors.distance + 1 as distance
    from ancestors
    inner join teams on ancestors.ancestor_id = teams.team_id
    where teams.parent_team_id is not null and ancestors.distance < 50
)

select * from ancestors
