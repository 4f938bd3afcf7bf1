-- One row per participant, plan version and period with a day of employment: how much of the period counts for pay, and
-- the yearly pay it is measured against (the mean over what counts, where it changes inside the period).
-- What counts is kept exact: service_units ÷ (95527740 × months), see int_service_months. Pay in another currency than the
-- plan's is converted month by month, at the rate of the month's first day (the first known, if that comes later).
with

service as (select * from {{ ref('int_service_months') }} where plan_version_id is not null),

plan_months as (select * from {{ ref('int_plan_months') }}),

period_months as (select * from {{ source('inputs', 'calendar_period_months') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

plans as (select * from {{ source('inputs', 'plans') }}),

fx_rates as (select * from {{ ref('int_plan_fx_rates') }}),

first_rates as (
    select plan_version_id, currency, arg_min(rate, valid_from) as rate
    from fx_rates
    group by plan_version_id, currency
),

-- Who is paid in another currency than the plan's; everybody else needs no rate.
paid_abroad as (
    select
        ranges.range_id,
        months.month,
        coalesce(fx_rates.rate, first_rates.rate, 0) as rate
    from ranges
    inner join plans on ranges.plan_version_id = plans.plan_version_id and ranges.pay_currency <> plans.currency
    inner join months on ranges.starts_on <= months.ends_on and ranges.ends_on >= months.starts_on
    left join first_rates
        on ranges.plan_version_id = first_rates.plan_version_id and ranges.pay_currency = first_rates.currency
    left join fx_rates
        on
            ranges.plan_version_id = fx_rates.plan_version_id
            and ranges.pay_currency = fx_rates.currency
            and months.starts_on >= fx_rates.valid_from
            and months.starts_on < fx_rates.valid_to
),

in_period as (
    select
        service.participant_id,
        service.plan_version_id,
        period_months.period,
        period_months.months,
        service.service_units,
        plan_months.last_range_id,
        case when plan_months.last_range_id is not null then service.service_units else 0 end as paid_units,
        case
            when paid_abroad.range_id is null then ranges.base_salary
            else {{ money(times('ranges.base_salary', 'paid_abroad.rate')) }}
        end as base_salary,
        case
            when paid_abroad.range_id is null then ranges.variable_pay
            else {{ money(times('ranges.variable_pay', 'paid_abroad.rate')) }}
        end as variable_pay
    from service
    inner join period_months on service.month = period_months.month
    left join plan_months
        on
            service.participant_id = plan_months.participant_id
            and service.plan_version_id = plan_months.plan_version_id
            and service.month = plan_months.month
    left join ranges on plan_months.last_range_id = ranges.range_id
    left join paid_abroad
        on plan_months.last_range_id = paid_abroad.range_id and service.month = paid_abroad.month
),

-- A month has one row, so there is nothing to add up or to average.
one_month as (
    select
        participant_id,
        plan_version_id,
        period,
        months,
        service_units,
        last_range_id,
        {{ money('base_salary') }} as base_salary,
        {{ money('variable_pay') }} as variable_pay
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
        coalesce({{ weighted_mean('base_salary', 'paid_units') }}, {{ money("arg_max(base_salary, last_range_id)") }})
            as base_salary,
        coalesce({{ weighted_mean('variable_pay', 'paid_units') }}, {{ money("arg_max(variable_pay, last_range_id)") }})
            as variable_pay
    from in_period
    where months > 1
    group by participant_id, plan_version_id, period
),

shares as (
    select * from one_month
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
        shares.base_salary,
        shares.variable_pay
    from shares
    inner join ranges on shares.last_range_id = ranges.range_id
)

select * from service_shares
