{{ config(materialized='view') }}
-- One row per deal, participant and credit role: its latest valid version.
with

typed as (select * from {{ ref('typed_deal_splits') }}),

rejected as (select * from {{ ref('rejected_deal_splits') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.deal_id,
        typed.participant_id,
        typed.share,
        typed.credit_role
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
