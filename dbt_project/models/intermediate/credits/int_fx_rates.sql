-- One row per currency and span of days with the same rate to the company's currency; valid_to is exclusive.
-- A day takes the last rate on or before it. The company's own currency is 1 on every day.
with

company as (select * from {{ source('inputs', 'run') }}),

delivered as (select * from {{ ref('stg_fx_rates') }}),

fx_rates as (
    select
        currency,
        date '1900-01-01' as valid_from,
        date '9999-12-31' as valid_to,
        cast(1 as decimal(24, 10)) as rate
    from company
    union all
    select
        delivered.currency,
        delivered.rate_on as valid_from,
        coalesce(
            lead(delivered.rate_on) over (partition by delivered.currency order by delivered.rate_on),
            date '9999-12-31'
        ) as valid_to,
        cast(delivered.rate as decimal(24, 10)) as rate
    from delivered
    inner join company on delivered.currency <> company.currency
)

select * from fx_rates
