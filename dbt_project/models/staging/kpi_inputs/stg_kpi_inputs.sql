{{ config(materialized='view') }}
-- One row per ready-made figure of a scope, KPI and period: its latest valid version.
with

typed as (select * from {{ ref('typed_kpi_inputs') }}),

rejected as (select * from {{ ref('rejected_kpi_inputs') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.participant_id,
        typed.team_id,
        typed.kpi,
        typed.period,
        typed.value,
        typed.numerator,
        typed.denominator,
        typed.source_ref
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
