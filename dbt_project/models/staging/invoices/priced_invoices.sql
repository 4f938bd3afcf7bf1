{{ config(materialized='table') }}
-- One row per landed row of invoices without a currency (none as a rule) whose deal has one.
with

delivered as (select * from {{ source('landing', 'invoices') }} where currency is null),

deals as (select * from {{ ref('stg_deals') }}),

priced as (
    select
        delivered._batch_no,
        delivered._row,
        deals.currency as deal_currency
    from delivered
    inner join deals on delivered.deal_id = deals.deal_id
)

select * from priced
