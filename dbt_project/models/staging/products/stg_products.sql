{{ config(materialized='view') }}
-- One row per product: its latest valid version.
with

typed as (select * from {{ ref('typed_products') }}),

rejected as (select * from {{ ref('rejected_products') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.product_id,
        typed.name,
        typed.product_line,
        typed.list_price,
        typed.unit_cost
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
