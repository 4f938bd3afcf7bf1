{{ config(materialized='view') }}
-- One row per coaching session: its latest valid version.
with

typed as (select * from {{ ref('typed_coaching') }}),

staged as (
    select
        _batch_no,
        _row,
        session_id,
        participant_id,
        coach_id,
        held_on,
        notes_ref,
        agreed_actions
    from typed
    where {{ is_none_of('typed', [ref('rejected_coaching')]) }}
)

select * from staged
