{{ config(materialized='view') }}
-- One row per participant and course: its latest valid version.
with

typed as (select * from {{ ref('typed_training') }}),

rejected as (select * from {{ ref('rejected_training') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.participant_id,
        typed.course,
        typed.topic,
        typed.assigned_on,
        typed.completed_on,
        typed.score
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
