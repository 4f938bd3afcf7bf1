-- One row per scope member, period and slice: activities on their business day.
{% set measures = {'activity_count': 'bigint'} %}
{% set fields = ['kind', 'outcome'] %}
with

company as (select * from {{ source('inputs', 'run') }}),

activities as (
    select
        stg_activities.participant_id,
        {{ business_day('stg_activities.occurred_at', 'company.time_zone') }} as occurred_on,
        stg_activities.kind,
        stg_activities.outcome
    from {{ ref('stg_activities') }} as stg_activities
    cross join company
    where {{ is_requested('activities') }}
),

ranges as (select * from {{ ref('int_participant_ranges') }}),

requested as (
    {{ requested_slices('activities') }}
),

matches as (
    {{ slice_matches(ref('stg_activities'), fields, 'requested') }}
),

by_range as (
    select
        coalesce(ranges.range_id, 0) as range_id,
        strftime(activities.occurred_on, '%Y-%m') as month,
        matches.slice,
        count(*) as activity_count
    from activities
    inner join matches on {{ same_values('activities', 'matches', fields) }}
    left join ranges
        on
            activities.participant_id = ranges.participant_id
            and activities.occurred_on between ranges.starts_on and ranges.ends_on
    group by all
),

months as (
    {{ by_scope('by_range', ['month', 'slice'], measures) }}
),

period_sums as (
    {{ by_period('months', measures) }}
),

activity_facts as (
    {{ without_gaps('period_sums', 'activities', measures) }}
)

select * from activity_facts
