{{ config(materialized='table') }}
-- One row per landed row of payments without a currency (none as a rule): its deal's, else its invoice's.
with

delivered as (select * from {{ source('landing', 'payments') }} where currency is null),

deals as (select * from {{ ref('stg_deals') }}),

invoices as (
    select
        invoice_id,
        min(currency) as currency
    from {{ ref('stg_invoices') }}
    where invoice_id in (select invoice_id from delivered)
    group by invoice_id
),

priced as (
    select
        delivered._batch_no,
        delivered._row,
        coalesce(deals.currency, invoices.currency) as found_currency
    from delivered
    left join deals on delivered.deal_id = deals.deal_id
    left join invoices on delivered.invoice_id = invoices.invoice_id
)

select * from priced
