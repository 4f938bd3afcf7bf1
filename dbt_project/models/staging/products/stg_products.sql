{{ config(materialized='view') }}
-- One row per product: its latest valid version.
with

typed as (select * from {{ ref('typed_products') }}),

staged as (
    select
        _batch_no,
        _row,
        product_id,
        name,
        product_line,
        list_price,
        unit_cost
    from typed
    where {{ is_none_of('typed', [ref('rejected_products')]) }}
)

select * from staged
