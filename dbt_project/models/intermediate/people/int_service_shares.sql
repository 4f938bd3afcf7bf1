-- One row per participant, plan version and period with a day of employment: how much of the period counts for pay, and
-- the yearly pay it is measured against (the mean over what counts, where it changes inside the period).
-- What counts is kept exact: service_units ÷ (95527740 × months), see int_service_months.
with

service as (select * from {{ ref('int_service_months') }} where plan_version_id is not null),

plan_months as (select * from {{ ref('int_plan_months') }}),

period_months as (select * from {{ source('inputs', 'calendar_period_months') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

in_period as (
    select
        service.participant_id,
        service.plan_version_id,
        period_months.period,
        period_months.months,
        service.service_units,
        plan_months.last_range_id,
        case when plan_months.last_range_id is not null then service.service_units else 0 end as paid_units,
        ranges.base_salary,
        ranges.variable_pay
    from service
    inner join period_months on service.month = period_months.month
    left join plan_months
        on
            service.participant_id = plan_months.participant_id
            and service.plan_version_id = plan_months.plan_version_id
            and service.month = plan_months.month
    left join ranges on plan_months.last_range_id = ranges.range_id
),

-- A month has one row, so there is nothing to add up or to average.
months as (
    select
        participant_id,
        plan_version_id,
        period,
        months,
        service_units,
        last_range_id,
        case when paid_units <> 0 then {{ money('base_salary') }} end as base_salary,
        case when paid_units <> 0 then {{ money('variable_pay') }} end as variable_pay
    from in_period
    where months = 1
),

longer as (
    select
        participant_id,
        plan_version_id,
        period,
        any_value(months) as months,
        cast(sum(service_units) as bigint) as service_units,
        max(last_range_id) as last_range_id,
        {{ weighted_mean('base_salary', 'paid_units') }} as base_salary,
        {{ weighted_mean('variable_pay', 'paid_units') }} as variable_pay
    from in_period
    where months > 1
    group by participant_id, plan_version_id, period
),

shares as (
    select * from months
    union all
    select * from longer
),

service_shares as (
    select
        shares.participant_id,
        shares.plan_version_id,
        shares.period,
        shares.months,
        shares.service_units,
        ranges.team_id,
        ranges.role,
        coalesce(shares.base_salary, ranges.base_salary) as base_salary,
        coalesce(shares.variable_pay, ranges.variable_pay) as variable_pay
    from shares
    inner join ranges on shares.last_range_id = ranges.range_id
)

select * from service_shares
