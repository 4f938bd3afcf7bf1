{{ config(materialized='table') }}
-- One row per landed row of deal_lines that is broken or superseded, whatever becomes of its deal.
-- The deal is judged by its parts and the parts by their deal, so the parts take two steps.
{% set typed = ref('typed_deal_lines') %}

with

faults as (
    {{ own_faults(typed) }}
    union all
    {{ reference_faults(typed, 'product_id', 'products', 1) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['deal_id', 'line']) }}
),

checked as (
    select * from quarantined
    union all
    select * from superseded
)

select * from checked
