{{ config(materialized='table') }}
-- One row per landed row of kpi_inputs that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_kpi_inputs') %}

with

faults as (
    {{ own_faults(typed) }}
    union all
    {{ reference_faults(typed, 'participant_id', 'participants', 1) }}
    union all
    {{ reference_faults(typed, 'team_id', 'teams', 2) }}
    union all
    {{ kpi_faults(typed, 3) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['participant_id', 'team_id', 'kpi', 'period']) }}
),

rejected as (
    select * from quarantined
    union all
    select * from superseded
)

select * from rejected
