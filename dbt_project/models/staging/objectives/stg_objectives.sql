{{ config(materialized='view') }}
-- One row per objective: its latest valid version.
with

typed as (select * from {{ ref('typed_objectives') }}),

rejected as (select * from {{ ref('rejected_objectives') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.objective_id,
        typed.participant_id,
        typed.period,
        typed.title,
        typed.kind,
        typed.weight,
        typed.completion,
        typed.judged_by,
        typed.judged_on
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
