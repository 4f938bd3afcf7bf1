{{ config(materialized='view') }}
-- One row per coaching session: its latest valid version.
with

typed as (select * from {{ ref('typed_coaching') }}),

rejected as (select * from {{ ref('rejected_coaching') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.session_id,
        typed.participant_id,
        typed.coach_id,
        typed.held_on,
        typed.notes_ref,
        typed.agreed_actions
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
