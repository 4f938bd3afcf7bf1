{{ config(materialized='table') }}
-- One row per landed row of credit_notes that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_credit_notes') %}

with

faults as (
    {{ own_faults(typed) }}
    union all
    {{ reference_faults(typed, 'invoice_id', 'invoices', 1) }}
    union all
    {{ reference_faults(typed, 'deal_id', 'deals', 2) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['credit_note_id']) }}
),

rejected as (
    select * from quarantined
    union all
    select * from superseded
)

select * from rejected
