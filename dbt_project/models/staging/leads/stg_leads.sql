{{ config(materialized='view') }}
-- One row per lead: its latest valid version.
with

typed as (select * from {{ ref('typed_leads') }}),

rejected as (select * from {{ ref('rejected_leads') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.lead_id,
        typed.owner_id,
        typed.source,
        typed.created_on,
        typed.qualified_on,
        typed.converted_on,
        typed.deal_id,
        typed.lost_on
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
