{{ config(materialized='view') }}
-- One row per objective: its latest valid version.
with

typed as (select * from {{ ref('typed_objectives') }}),

staged as (
    select
        _batch_no,
        _row,
        objective_id,
        participant_id,
        period,
        title,
        kind,
        weight,
        completion,
        judged_by,
        judged_on
    from typed
    where {{ is_none_of('typed', [ref('rejected_objectives')]) }}
)

select * from staged
