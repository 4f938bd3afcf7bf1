{{ config(materialized='table', meta=by_batch('deal_lines')) }}
-- One row per landed row of deal_lines: typed, with the first rule of its own that it breaks.
-- A line needs an amount, because a deal with lines is credited by them.
with

delivered as (select * from {{ source('landing', 'deal_lines') }}),

typed as (
    select
        _batch_no,
        _row,
        deal_id,
        line,
        product_id,
        {{ as_money('amount') }} as amount,
        {{ as_number('units') }} as units,
        {{ as_money('cost') }} as cost,
        {{ as_money('list_amount') }} as list_amount,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['amount', 'units', 'cost', 'list_amount', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['deal_id', 'line']),
            row = mistyped(['amount', 'cost', 'list_amount'], 'money')
                + mistyped(['units'], 'number')
                + required(['amount'])
                + negative_beside_amount(['units', 'cost', 'list_amount'])
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        deal_id,
        line,
        product_id,
        amount,
        units,
        cost,
        list_amount,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
