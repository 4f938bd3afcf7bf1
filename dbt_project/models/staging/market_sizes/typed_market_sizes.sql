{{ config(materialized='table', meta=by_batch('market_sizes')) }}
-- One row per landed row of market_sizes: typed, with the first rule of its own that it breaks.
with

delivered as (select * from {{ source('landing', 'market_sizes') }}),

typed as (
    select
        _batch_no,
        _row,
        region,
        period,
        {{ as_money('value') }} as value,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['value', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['period']),
            row = mistyped(['value'], 'money')
                + required(['value'])
                + unknown_period('period')
                + negative(['value'])
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        region,
        period,
        value,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
