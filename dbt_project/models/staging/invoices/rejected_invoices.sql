{{ config(materialized='table') }}
-- One row per landed row of invoices that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_invoices') %}

with

faults as (
    {{ own_faults(typed) }}
    union all
    {{ reference_faults(typed, 'deal_id', 'deals', 1) }}
    union all
    {{ reference_faults(typed, 'account_id', 'accounts', 2) }}
    union all
    {{ currency_faults(typed, 3) }}
    union all
    {{ rate_faults(typed, 'child.invoiced_on', 4) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['invoice_id', 'deal_id']) }}
),

rejected as (
    select * from quarantined
    union all
    select * from superseded
)

select * from rejected
