-- One row per participant and period in which the plan in force changed (to another, to none, or from none) while
-- employed: each plan then counts only its own days.
with

ranges as (select * from {{ ref('int_participant_ranges') }}),

periods as (select * from {{ source('inputs', 'calendar_periods') }}),

employed as (
    select
        participant_id,
        coalesce(plan_version_id, '') as plan_version_id,
        greatest(starts_on, coalesce(hired_on, starts_on)) as starts_on,
        least(ends_on, coalesce(left_on, ends_on)) as ends_on
    from ranges
),

split_periods as (
    select
        employed.participant_id,
        periods.period,
        periods.kind
    from employed
    inner join periods
        on
            greatest(employed.starts_on, periods.starts_on) <= least(employed.ends_on, periods.ends_on)
    group by employed.participant_id, periods.period, periods.kind
    having count(distinct employed.plan_version_id) > 1
)

select * from split_periods
