{{ config(materialized='view') }}
-- One row per activity: its latest valid version.
with

typed as (select * from {{ ref('typed_activities') }}),

rejected as (select * from {{ ref('rejected_activities') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.activity_id,
        typed.participant_id,
        typed.kind,
        typed.occurred_at,
        typed.account_id,
        typed.deal_id,
        typed.inquiry_at,
        typed.responded_at,
        typed.outcome
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
