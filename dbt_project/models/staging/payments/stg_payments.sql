{{ config(materialized='view') }}
-- One row per payment: its latest valid version.
with

typed as (select * from {{ ref('typed_payments') }}),

staged as (
    select
        _batch_no,
        _row,
        payment_id,
        invoice_id,
        deal_id,
        paid_on,
        amount,
        tax_amount,
        currency
    from typed
    where {{ is_none_of('typed', [ref('rejected_payments')]) }}
)

select * from staged
