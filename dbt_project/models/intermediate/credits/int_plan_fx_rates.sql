{{ config(materialized='view') }}
-- One row per plan version, foreign currency and span of days: units of the plan's currency per unit, as the plan says:
-- the rate of the day, the mean over the calendar month (each day at its rate), or a rate the plan itself gives. Between
-- two currencies: rate(from) ÷ rate(to). A plan rate that is not given falls back to the rate of the day.
with

plans as (select * from {{ source('inputs', 'plans') }}),

plan_rates as (select * from {{ source('inputs', 'plan_fx_rates') }}),

fx_rates as (select currency, valid_from, valid_to, rate from {{ ref('int_fx_rates') }} where not is_given_by_plan),

months as (select * from {{ source('inputs', 'calendar_months') }}),

month_rates as (
    select
        fx_rates.currency,
        months.starts_on as valid_from,
        months.ends_on + 1 as valid_to,
        {{ ratio(
            "sum(fx_rates.rate * (least(fx_rates.valid_to, months.ends_on + 1) - greatest(fx_rates.valid_from, months.starts_on)))",
            "sum(least(fx_rates.valid_to, months.ends_on + 1) - greatest(fx_rates.valid_from, months.starts_on))"
        ) }} as rate
    from months
    inner join fx_rates on months.starts_on < fx_rates.valid_to and months.ends_on >= fx_rates.valid_from
    where exists (select 1 from plans where fx_rate = 'period_average')
    group by fx_rates.currency, months.starts_on, months.ends_on
),

offered as (
    select plans.plan_version_id, plans.currency as plan_currency, fx_rates.*
    from plans
    cross join fx_rates
    where plans.fx_rate <> 'period_average'
    union all
    select plans.plan_version_id, plans.currency as plan_currency, month_rates.*
    from plans
    cross join month_rates
    where plans.fx_rate = 'period_average'
),

crossed as (
    select
        from_rates.plan_version_id,
        from_rates.currency,
        greatest(from_rates.valid_from, to_rates.valid_from) as valid_from,
        least(from_rates.valid_to, to_rates.valid_to) as valid_to,
        {{ ratio('from_rates.rate', 'to_rates.rate') }} as rate
    from offered as from_rates
    inner join offered as to_rates
        on
            from_rates.plan_version_id = to_rates.plan_version_id
            and from_rates.plan_currency = to_rates.currency
            and from_rates.valid_from < to_rates.valid_to
            and from_rates.valid_to > to_rates.valid_from
    where from_rates.currency <> from_rates.plan_currency
),

-- What the plan gives holds on every day, whether or not a rate was delivered.
plan_fx_rates as (
    select
        plan_version_id,
        currency,
        date '1900-01-01' as valid_from,
        date '9999-12-31' as valid_to,
        cast(rate as decimal(18, 10)) as rate
    from plan_rates
    union all
    select
        crossed.plan_version_id,
        crossed.currency,
        crossed.valid_from,
        crossed.valid_to,
        crossed.rate
    from crossed
    left join plan_rates
        on crossed.plan_version_id = plan_rates.plan_version_id and crossed.currency = plan_rates.currency
    where plan_rates.currency is null
)

select * from plan_fx_rates
