{{ config(materialized='view') }}
-- One row per deal: its latest valid version.
with

typed as (select * from {{ ref('typed_deals') }}),

rejected as (select * from {{ ref('rejected_deals') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.deal_id,
        typed.account_id,
        typed.owner_id,
        typed.product_id,
        typed.name,
        typed.stage,
        typed.status,
        typed.deal_type,
        typed.amount,
        typed.currency,
        typed.units,
        typed.cost,
        typed.list_amount,
        typed.created_on,
        typed.expected_close_on,
        typed.won_on,
        typed.lost_on,
        typed.term_months,
        typed.contract_start_on,
        typed.cancelled_on,
        typed.renewal_of
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
