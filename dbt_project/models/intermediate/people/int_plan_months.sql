-- One row per participant, plan version and month in which any day of the plan falls into the employment.
with

ranges as (select * from {{ ref('int_participant_ranges') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

plan_months as (
    select
        ranges.participant_id,
        ranges.plan_version_id,
        ranges.plan,
        months.month,
        months.starts_on as month_starts_on,
        months.quarter,
        months.year,
        max(ranges.range_id) as last_range_id
    from ranges
    inner join months on ranges.starts_on <= months.ends_on and ranges.ends_on >= months.starts_on
    where
        ranges.plan_version_id is not null
        and greatest(ranges.starts_on, months.starts_on, coalesce(ranges.hired_on, ranges.starts_on))
        <= least(ranges.ends_on, months.ends_on, coalesce(ranges.left_on, ranges.ends_on))
    group by all
)

select * from plan_months
