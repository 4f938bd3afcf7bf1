{{ config(materialized='view') }}
-- One row per invoice and deal on it: its latest valid version.
with

typed as (select * from {{ ref('typed_invoices') }}),

rejected as (select * from {{ ref('rejected_invoices') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.invoice_id,
        typed.deal_id,
        typed.account_id,
        typed.invoiced_on,
        typed.due_on,
        typed.amount,
        typed.tax_amount,
        typed.currency,
        typed.status
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
