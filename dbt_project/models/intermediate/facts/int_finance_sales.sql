{{ config(materialized='view') }}
-- One row per invoice, payment and credit note and deal it concerns: whose it is (the deal's owner, else the account's)
-- and what it is about.
with

transactions as (select * from {{ ref('int_finance_transactions') }}),

deals as (select * from {{ ref('int_deal_attributes') }} where {{ is_requested('finance') }}),

accounts as (select * from {{ ref('stg_accounts') }}),

company as (select * from {{ source('inputs', 'run') }}),

finance_sales as (
    select
        transactions.transaction_type,
        transactions.transaction_id,
        transactions.line,
        transactions.transacted_on,
        transactions.due_on,
        transactions.deal_id,
        coalesce(deals.account_id, transactions.account_id) as account_id,
        deals.product_line,
        deals.deal_type,
        coalesce(deals.segment, accounts.segment) as segment,
        coalesce(deals.region, accounts.region) as region,
        coalesce(deals.owner_id, accounts.owner_id) as owner_id,
        transactions.amount,
        coalesce(transactions.currency, deals.currency, company.currency) as currency
    from transactions
    cross join company
    left join deals on transactions.deal_id = deals.deal_id
    left join accounts
        on case when transactions.deal_id is null then transactions.account_id end = accounts.account_id
)

select * from finance_sales
