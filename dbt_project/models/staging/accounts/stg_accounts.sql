{{ config(materialized='view') }}
-- One row per account: its latest valid version.
with

typed as (select * from {{ ref('typed_accounts') }}),

rejected as (select * from {{ ref('rejected_accounts') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.account_id,
        typed.name,
        typed.segment,
        typed.industry,
        typed.region,
        typed.owner_id,
        typed.created_on,
        typed.parent_account_id
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
