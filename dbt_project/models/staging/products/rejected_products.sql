{{ config(materialized='table') }}
-- One row per landed row of products that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_products') %}

with

faults as (
    {{ own_faults(typed) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['product_id']) }}
),

rejected as (
    select * from quarantined
    union all
    select * from superseded
)

select * from rejected
