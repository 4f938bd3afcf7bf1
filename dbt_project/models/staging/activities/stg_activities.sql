{{ config(materialized='view') }}
-- One row per activity: its latest valid version.
with

typed as (select * from {{ ref('typed_activities') }}),

staged as (
    select
        _batch_no,
        _row,
        activity_id,
        participant_id,
        kind,
        occurred_at,
        account_id,
        deal_id,
        inquiry_at,
        responded_at,
        outcome
    from typed
    where {{ is_none_of('typed', [ref('rejected_activities')]) }}
)

select * from staged
