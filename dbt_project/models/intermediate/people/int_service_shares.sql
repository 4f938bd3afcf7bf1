-- One row per participant, plan version and period: the share of the period that counts for pay, and the pay it is
-- measured against.
with

service as (select * from {{ ref('int_service_months') }} where plan_version_id is not null),

period_months as (select * from {{ source('inputs', 'calendar_period_months') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

periods as (select * from {{ source('inputs', 'calendar_periods') }}),

shares as (
    select
        service.participant_id,
        service.plan_version_id,
        period_months.period,
        any_value(period_months.months) as months,
        {{ ratio('sum(service.service_units)', 'any_value(95527740 * cast(period_months.months as bigint))') }} as service_share
    from service
    inner join period_months on service.month = period_months.month
    group by service.participant_id, service.plan_version_id, period_months.period
),

last_ranges as (
    select
        shares.participant_id,
        shares.plan_version_id,
        shares.period,
        max(ranges.range_id) as range_id
    from shares
    inner join periods on shares.period = periods.period
    inner join ranges
        on
            shares.participant_id = ranges.participant_id
            and shares.plan_version_id = ranges.plan_version_id
            and ranges.starts_on <= periods.ends_on
            and ranges.ends_on >= periods.starts_on
    group by shares.participant_id, shares.plan_version_id, shares.period
),

service_shares as (
    select
        shares.participant_id,
        shares.plan_version_id,
        shares.period,
        shares.service_share,
        ranges.team_id,
        ranges.role,
        {{ months_of_year('ranges.variable_pay', 'shares.months') }} as variable_pay,
        {{ months_of_year('ranges.base_salary', 'shares.months') }} as base_salary
    from shares
    inner join last_ranges
        on
            shares.participant_id = last_ranges.participant_id
            and shares.plan_version_id = last_ranges.plan_version_id
            and shares.period = last_ranges.period
    inner join ranges on last_ranges.range_id = ranges.range_id
)

select * from service_shares
