-- One row per participant range and each scope whose figures it feeds: the participant, every team above, the company,
-- and, where the plan changes within a fiscal year, the part of the year under this plan version (a segment).
-- Range 0 stands for rows that belong to nobody: they count for the company only.
with

ranges as (select * from {{ ref('int_participant_ranges') }}),

ancestors as (select * from {{ ref('int_team_ancestors') }}),

changed as (select distinct participant_id from {{ ref('int_split_periods') }} where kind = 'year'),

members as (
    select range_id, 'participant' as scope, participant_id as scope_id from ranges
    union all
    select ranges.range_id, 'team' as scope, ancestors.ancestor_id as scope_id
    from ranges
    inner join ancestors on ranges.team_id = ancestors.team_id
    union all
    select range_id, 'company' as scope, 'company' as scope_id from ranges
    union all
    select 0 as range_id, 'company' as scope, 'company' as scope_id
    union all
    select ranges.range_id, 'segment' as scope, ranges.participant_id || '|' || ranges.plan_version_id as scope_id
    from ranges
    inner join changed on ranges.participant_id = changed.participant_id
    where ranges.plan_version_id is not null
)

select * from members
