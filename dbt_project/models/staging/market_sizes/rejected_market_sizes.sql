{{ config(materialized='table') }}
-- One row per landed row of market_sizes that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_market_sizes') %}

with

faults as (
    {{ own_faults(typed) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['region', 'period']) }}
),

rejected as (
    select * from quarantined
    union all
    select * from superseded
)

select * from rejected
