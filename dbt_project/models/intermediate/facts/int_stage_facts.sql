-- One row per scope member, period and slice: stages entered, and how many of these were passed at any time.
-- A deal's stages count for its owner on the day of entry.
{% set measures = {'entered_count': 'bigint', 'advanced_count': 'bigint'} %}
{% set fields = ['stage', 'product_line', 'deal_type', 'segment', 'region'] %}
with

entries as (select * from {{ ref('int_stage_entries') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

requested as (
    {{ requested_slices('stages') }}
),

matches as (
    {{ slice_matches('entries', fields, 'requested') }}
),

by_range as (
    select
        coalesce(ranges.range_id, 0) as range_id,
        strftime(entries.entered_on, '%Y-%m') as month,
        matches.slice,
        count(*) as entered_count,
        count(*) filter (where entries.has_advanced) as advanced_count
    from entries
    inner join matches on {{ same_values('entries', 'matches', fields) }}
    left join ranges
        on
            entries.owner_id = ranges.participant_id
            and entries.entered_on between ranges.starts_on and ranges.ends_on
    group by all
),

months as (
    {{ by_scope('by_range', ['month', 'slice'], measures) }}
),

period_sums as (
    {{ by_period('months', measures) }}
),

stage_facts as (
    {{ without_gaps('period_sums', 'stages', measures) }}
)

select * from stage_facts
