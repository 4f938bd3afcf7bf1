-- One row per participant, plan version (or none) and month: which share of the month counts for targets and pay.
-- The share is kept exact as service_units of 95527740, the least common multiple of 28, 29, 30, 31 (days of a month)
-- and 20, 21, 22, 23 (work days of a month).
with

ranges as (select * from {{ ref('int_participant_ranges') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

days as (select * from {{ source('inputs', 'calendar_days') }}),

plans as (select * from {{ source('inputs', 'plans') }}),

absences as (select * from {{ ref('stg_absences') }}),

absence_kinds as (select * from {{ source('inputs', 'plan_absences') }}),

in_month as (
    select
        ranges.range_id,
        ranges.participant_id,
        ranges.plan_version_id,
        coalesce(plans.proration_by, 'calendar_days') as proration_by,
        months.month,
        months.days,
        months.work_days,
        greatest(
            ranges.starts_on,
            months.starts_on,
            coalesce(ranges.hired_on, date '1900-01-01')
            + case when plans.proration_start_day = 'exclusive' then 1 else 0 end
        ) as counts_from,
        least(ranges.ends_on, months.ends_on, coalesce(ranges.left_on, date '9999-12-31')) as counts_to
    from ranges
    inner join months on ranges.starts_on <= months.ends_on and ranges.ends_on >= months.starts_on
    left join plans on ranges.plan_version_id = plans.plan_version_id
),

absent_days as (
    select distinct absences.participant_id, absence_kinds.plan_version_id, days.calendar_day, days.is_work_day
    from absences
    inner join absence_kinds on absences.kind = absence_kinds.kind
    inner join days on days.calendar_day between absences.from_date and absences.to_date
),

absent_in_month as (
    select
        in_month.range_id,
        in_month.month,
        count(*) as absent_days,
        count(*) filter (where absent_days.is_work_day) as absent_work_days
    from in_month
    inner join absent_days
        on
            in_month.participant_id = absent_days.participant_id
            and in_month.plan_version_id = absent_days.plan_version_id
            and absent_days.calendar_day between in_month.counts_from and in_month.counts_to
    group by in_month.range_id, in_month.month
),

counted as (
    select
        in_month.*,
        greatest(in_month.counts_to - in_month.counts_from + 1 - coalesce(absent_in_month.absent_days, 0), 0)
            as counted_days,
        case
            when in_month.counts_to >= in_month.counts_from
                then
                    last_day.work_days_so_far - first_day.work_days_so_far
                    + case when first_day.is_work_day then 1 else 0 end
                    - coalesce(absent_in_month.absent_work_days, 0)
            else 0
        end as counted_work_days
    from in_month
    left join absent_in_month
        on in_month.range_id = absent_in_month.range_id and in_month.month = absent_in_month.month
    left join days as first_day on in_month.counts_from = first_day.calendar_day
    left join days as last_day on in_month.counts_to = last_day.calendar_day
),

service as (
    select
        participant_id,
        plan_version_id,
        month,
        cast(sum(counted_days) as integer) as counted_days,
        cast(
            least(
                sum(
                    case proration_by
                        when 'calendar_days' then counted_days * (95527740 // days)
                        when 'work_days' then counted_work_days * (95527740 // work_days)
                        when 'months' then case when counted_days > 0 then 95527740 else 0 end
                        else 95527740
                    end
                ),
                95527740
            ) as bigint
        ) as service_units
    from counted
    group by participant_id, plan_version_id, month
)

select * from service
