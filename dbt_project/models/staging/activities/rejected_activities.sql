{{ config(materialized='table') }}
-- One row per landed row of activities that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_activities') %}

with

faults as (
    {{ own_faults(typed) }}
    union all
    {{ reference_faults(typed, 'participant_id', 'participants', 1) }}
    union all
    {{ reference_faults(typed, 'account_id', 'accounts', 2) }}
    union all
    {{ reference_faults(typed, 'deal_id', 'deals', 3) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['activity_id']) }}
),

rejected as (
    select * from quarantined
    union all
    select * from superseded
)

select * from rejected
