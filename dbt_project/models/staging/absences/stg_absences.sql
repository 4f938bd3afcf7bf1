{{ config(materialized='view') }}
-- One row per absence: its latest valid version.
with

typed as (select * from {{ ref('typed_absences') }}),

rejected as (select * from {{ ref('rejected_absences') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.participant_id,
        typed.from_date,
        typed.to_date,
        typed.kind
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
