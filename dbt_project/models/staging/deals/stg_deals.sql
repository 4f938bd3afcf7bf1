{{ config(materialized='view') }}
-- One row per deal: its latest valid version.
with

typed as (select * from {{ ref('typed_deals') }}),

staged as (
    select
        _batch_no,
        _row,
        deal_id,
        account_id,
        owner_id,
        product_id,
        name,
        stage,
        status,
        deal_type,
        amount,
        currency,
        units,
        cost,
        list_amount,
        created_on,
        expected_close_on,
        won_on,
        lost_on,
        term_months,
        contract_start_on,
        cancelled_on,
        renewal_of
    from typed
    where {{ is_none_of('typed', [ref('rejected_deals')]) }}
)

select * from staged
