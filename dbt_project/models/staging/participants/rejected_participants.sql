{{ config(materialized='table') }}
-- One row per landed row of participants that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_participants') %}

with

faults as (
    {{ own_faults(typed) }}
    union all
    {{ reference_faults(typed, 'team_id', 'teams', 1) }}
    union all
    {{ currency_faults(typed, 2) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['participant_id', 'effective_from']) }}
),

rejected as (
    select * from quarantined
    union all
    select * from superseded
)

select * from rejected
