{{ config(materialized='table') }}
-- One row per landed row of payments that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_payments') %}

with

faults as (
    {{ own_faults(typed) }}
    union all
    {{ reference_faults(typed, 'invoice_id', 'invoices', 1) }}
    union all
    {{ reference_faults(typed, 'deal_id', 'deals', 2) }}
    union all
    {{ currency_faults(typed, 3) }}
    union all
    {{ rate_faults(typed, 'child.paid_on', 4) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['payment_id']) }}
),

rejected as (
    select * from quarantined
    union all
    select * from superseded
)

select * from rejected
