-- One row per currency and span of days with the same rate to the company's currency; valid_to is exclusive.
-- A day takes the last rate on or before it. The company's own currency is 1 on every day. Before the first delivered rate
-- stands the one that a plan in the company's currency gives itself (is_given_by_plan): figures have no other.
with

company as (select * from {{ source('inputs', 'run') }}),

delivered as (select * from {{ ref('stg_fx_rates') }}),

given as (
    select
        plan_rates.currency,
        arg_max(plan_rates.rate, (plans.effective_from, plans.plan_version_id)) as rate
    from {{ source('inputs', 'plan_fx_rates') }} as plan_rates
    inner join {{ source('inputs', 'plans') }} as plans on plan_rates.plan_version_id = plans.plan_version_id
    inner join company on plans.currency = company.currency and plan_rates.currency <> company.currency
    group by plan_rates.currency
),

first_days as (select currency, min(rate_on) as first_rate_on from delivered group by currency),

fx_rates as (
    select
        currency,
        date '1900-01-01' as valid_from,
        date '9999-12-31' as valid_to,
        cast(1 as decimal(24, 10)) as rate,
        false as is_given_by_plan
    from company
    union all
    select
        delivered.currency,
        delivered.rate_on as valid_from,
        coalesce(
            lead(delivered.rate_on) over (partition by delivered.currency order by delivered.rate_on),
            date '9999-12-31'
        ) as valid_to,
        cast(delivered.rate as decimal(24, 10)) as rate,
        false as is_given_by_plan
    from delivered
    inner join company on delivered.currency <> company.currency
    union all
    select
        given.currency,
        date '1900-01-01' as valid_from,
        coalesce(first_days.first_rate_on, date '9999-12-31') as valid_to,
        cast(given.rate as decimal(24, 10)) as rate,
        true as is_given_by_plan
    from given
    left join first_days on given.currency = first_days.currency
)

select * from fx_rates
