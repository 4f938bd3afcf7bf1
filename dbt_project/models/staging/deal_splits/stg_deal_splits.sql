{{ config(materialized='view') }}
-- One row per deal, participant and credit role: its latest valid version.
with

typed as (select * from {{ ref('typed_deal_splits') }}),

staged as (
    select
        _batch_no,
        _row,
        deal_id,
        participant_id,
        share,
        credit_role
    from typed
    where {{ is_none_of('typed', [ref('rejected_deal_splits')]) }}
)

select * from staged
