{{ config(materialized='view') }}
-- One row per deal and stage entered: its latest valid version.
with

typed as (select * from {{ ref('typed_deal_stages') }}),

rejected as (select * from {{ ref('rejected_deal_stages') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.deal_id,
        typed.stage,
        typed.entered_at,
        typed.stage_order
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
