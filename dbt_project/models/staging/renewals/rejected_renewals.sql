{{ config(materialized='table') }}
-- One row per landed row of renewals that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_renewals') %}

with

faults as (
    {{ own_faults(typed) }}
    union all
    {{ reference_faults(typed, 'owner_id', 'participants', 1) }}
    union all
    {{ reference_faults(typed, 'account_id', 'accounts', 2) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['renewal_id']) }}
),

rejected as (
    select * from quarantined
    union all
    select * from superseded
)

select * from rejected
