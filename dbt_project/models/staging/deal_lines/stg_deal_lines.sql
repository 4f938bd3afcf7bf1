{{ config(materialized='view') }}
-- One row per deal line: its latest valid version.
with

typed as (select * from {{ ref('typed_deal_lines') }}),

staged as (
    select
        _batch_no,
        _row,
        deal_id,
        line,
        product_id,
        amount,
        units,
        cost,
        list_amount
    from typed
    where {{ is_none_of('typed', [ref('rejected_deal_lines')]) }}
)

select * from staged
