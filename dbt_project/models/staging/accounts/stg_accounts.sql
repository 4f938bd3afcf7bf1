{{ config(materialized='view') }}
-- One row per account: its latest valid version.
with

typed as (select * from {{ ref('typed_accounts') }}),

staged as (
    select
        _batch_no,
        _row,
        account_id,
        name,
        segment,
        industry,
        region,
        owner_id,
        created_on,
        parent_account_id
    from typed
    where {{ is_none_of('typed', [ref('rejected_accounts')]) }}
)

select * from staged
