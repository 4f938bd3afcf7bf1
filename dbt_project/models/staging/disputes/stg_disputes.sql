{{ config(materialized='view') }}
-- One row per dispute: its latest valid version.
with

typed as (select * from {{ ref('typed_disputes') }}),

rejected as (select * from {{ ref('rejected_disputes') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.dispute_id,
        typed.participant_id,
        typed.period,
        typed.line,
        typed.source_ref,
        typed.question,
        typed.raised_on,
        typed.answer,
        typed.answered_on,
        typed.answered_by,
        typed.outcome
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
