{{ config(materialized='view') }}
-- One row per participant and course: its latest valid version.
with

typed as (select * from {{ ref('typed_training') }}),

staged as (
    select
        _batch_no,
        _row,
        participant_id,
        course,
        topic,
        assigned_on,
        completed_on,
        score
    from typed
    where {{ is_none_of('typed', [ref('rejected_training')]) }}
)

select * from staged
