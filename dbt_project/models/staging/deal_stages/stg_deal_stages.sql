{{ config(materialized='view') }}
-- One row per deal and stage entered: its latest valid version.
with

typed as (select * from {{ ref('typed_deal_stages') }}),

staged as (
    select
        _batch_no,
        _row,
        deal_id,
        stage,
        entered_at,
        stage_order
    from typed
    where {{ is_none_of('typed', [ref('rejected_deal_stages')]) }}
)

select * from staged
