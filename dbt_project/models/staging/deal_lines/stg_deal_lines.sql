{{ config(materialized='view') }}
-- One row per deal line: its latest valid version.
with

typed as (select * from {{ ref('typed_deal_lines') }}),

rejected as (select * from {{ ref('rejected_deal_lines') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.deal_id,
        typed.line,
        typed.product_id,
        typed.amount,
        typed.units,
        typed.cost,
        typed.list_amount
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
