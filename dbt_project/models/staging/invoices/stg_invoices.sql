{{ config(materialized='view') }}
-- One row per invoice and deal on it: its latest valid version.
with

typed as (select * from {{ ref('typed_invoices') }}),

staged as (
    select
        _batch_no,
        _row,
        invoice_id,
        deal_id,
        account_id,
        invoiced_on,
        due_on,
        amount,
        tax_amount,
        currency,
        status
    from typed
    where {{ is_none_of('typed', [ref('rejected_invoices')]) }}
)

select * from staged
