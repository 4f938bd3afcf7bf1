{{ config(materialized='table') }}
-- One row per landed row of targets that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_targets') %}

with

faults as (
    {{ own_faults(typed) }}
    union all
    {{ reference_faults(typed, 'participant_id', 'participants', 1) }}
    union all
    {{ reference_faults(typed, 'team_id', 'teams', 2) }}
    union all
    {{ kpi_faults(typed, 3) }}
    union all
    {{ currency_faults(typed, 4) }}
    union all
    {{ target_rate_faults(typed, 5) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['participant_id', 'team_id', 'kpi', 'period', 'revision']) }}
),

rejected as (
    select * from quarantined
    union all
    select * from superseded
)

select * from rejected
