{{ config(materialized='table') }}
-- One row per landed row of fx_rates that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_fx_rates') %}

with

faults as (
    {{ own_faults(typed) }}
    union all
    {{ currency_faults(typed, 1) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['currency', 'rate_on']) }}
),

rejected as (
    select * from quarantined
    union all
    select * from superseded
)

select * from rejected
