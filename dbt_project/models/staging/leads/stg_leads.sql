{{ config(materialized='view') }}
-- One row per lead: its latest valid version.
with

typed as (select * from {{ ref('typed_leads') }}),

staged as (
    select
        _batch_no,
        _row,
        lead_id,
        owner_id,
        source,
        created_on,
        qualified_on,
        converted_on,
        deal_id,
        lost_on
    from typed
    where {{ is_none_of('typed', [ref('rejected_leads')]) }}
)

select * from staged
