{{ config(materialized='table') }}
-- One row per landed row of disputes that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_disputes') %}

with

faults as (
    {{ own_faults(typed) }}
    union all
    {{ reference_faults(typed, 'participant_id', 'participants', 1) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['dispute_id']) }}
),

rejected as (
    select * from quarantined
    union all
    select * from superseded
)

select * from rejected
