{{ config(materialized='view') }}
-- One row per absence: its latest valid version.
with

typed as (select * from {{ ref('typed_absences') }}),

staged as (
    select
        _batch_no,
        _row,
        participant_id,
        from_date,
        to_date,
        kind
    from typed
    where {{ is_none_of('typed', [ref('rejected_absences')]) }}
)

select * from staged
