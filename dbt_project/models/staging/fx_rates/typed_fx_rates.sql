{{ config(materialized='table', meta=by_batch('fx_rates')) }}
-- One row per landed row of fx_rates: typed, with the first rule of its own that it breaks.
-- rate: company currency per unit, ten decimals, because some units are worth very little.
with

delivered as (select * from {{ source('landing', 'fx_rates') }}),

company as (select currency as company_currency from {{ source('inputs', 'run') }}),

typed as (
    select
        _batch_no,
        _row,
        {{ as_code('currency') }} as currency,
        {{ as_date('rate_on') }} as rate_on,
        {{ as_rate('rate') }} as rate,
        {{ as_flag('is_deleted') }} as is_deleted,
        company_currency,
        {{ texts(['rate_on', 'rate', 'is_deleted']) }}
    from delivered
    cross join company
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = mistyped(['rate_on'], 'date')
                + empty_key(['currency', 'rate_on']),
            row = mistyped(['rate'], 'rate')
                + off_calendar(['rate_on'])
                + required(['rate'])
                + outside('rate', 'rate <= 0', 'a number above 0')
                + outside(
                    'rate', 'currency = company_currency and rate <> 1',
                    '1, because it is the currency of the company'
                )
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        currency,
        rate_on,
        rate,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
