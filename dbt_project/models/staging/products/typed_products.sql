{{ config(materialized='table', meta=by_batch('products')) }}
-- One row per landed row of products: typed, with the first rule of its own that it breaks.
with

delivered as (select * from {{ source('landing', 'products') }}),

typed as (
    select
        _batch_no,
        _row,
        product_id,
        name,
        product_line,
        {{ as_money('list_price') }} as list_price,
        {{ as_money('unit_cost') }} as unit_cost,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['list_price', 'unit_cost', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['product_id']),
            row = mistyped(['list_price', 'unit_cost'], 'money')
                + negative(['list_price', 'unit_cost'])
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        product_id,
        name,
        product_line,
        list_price,
        unit_cost,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
