{{ config(materialized='view') }}
-- One row per credit note: its latest valid version.
with

typed as (select * from {{ ref('typed_credit_notes') }}),

staged as (
    select
        _batch_no,
        _row,
        credit_note_id,
        invoice_id,
        deal_id,
        credited_on,
        amount,
        tax_amount,
        reason
    from typed
    where {{ is_none_of('typed', [ref('rejected_credit_notes')]) }}
)

select * from staged
