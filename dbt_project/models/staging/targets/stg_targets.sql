{{ config(materialized='view') }}
-- One row per target of a scope, KPI, period and revision: its latest valid version.
with

typed as (select * from {{ ref('typed_targets') }}),

rejected as (select * from {{ ref('rejected_targets') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.participant_id,
        typed.team_id,
        typed.kpi,
        typed.period,
        typed.value,
        typed.currency,
        typed.revision,
        typed.revised_on,
        typed.reason
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
