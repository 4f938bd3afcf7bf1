{{ config(materialized='table') }}
-- One row per landed row of deal_stages that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_deal_stages') %}

with

faults as (
    {{ own_faults(typed) }}
    union all
    {{ reference_faults(typed, 'deal_id', 'deals', 1, is_part=true) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['deal_id', 'entered_at']) }}
),

rejected as (
    select * from quarantined
    union all
    select * from superseded
)

select * from rejected
