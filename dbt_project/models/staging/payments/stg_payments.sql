{{ config(materialized='view') }}
-- One row per payment: its latest valid version.
with

typed as (select * from {{ ref('typed_payments') }}),

rejected as (select * from {{ ref('rejected_payments') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.payment_id,
        typed.invoice_id,
        typed.deal_id,
        typed.paid_on,
        typed.amount,
        typed.tax_amount,
        typed.currency
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
