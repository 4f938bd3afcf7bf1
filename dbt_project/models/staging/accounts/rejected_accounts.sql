{{ config(materialized='table') }}
-- One row per landed row of accounts that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_accounts') %}

with

faults as (
    {{ own_faults(typed) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['account_id']) }}
),

rejected as (
    select * from quarantined
    union all
    select * from superseded
)

select * from rejected
