{{ config(materialized='view') }}
-- One row per credit note: its latest valid version.
with

typed as (select * from {{ ref('typed_credit_notes') }}),

rejected as (select * from {{ ref('rejected_credit_notes') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.credit_note_id,
        typed.invoice_id,
        typed.deal_id,
        typed.credited_on,
        typed.amount,
        typed.tax_amount,
        typed.reason
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
