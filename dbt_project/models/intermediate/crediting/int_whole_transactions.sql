{{ config(materialized='view') }}
-- One row per line of a won deal, and per invoice, credit note and payment where a component counts billings or
-- collections: whole, with its owner. `fact` is what a component's measure looks for.
with

won_lines as (select * from {{ ref('int_won_lines') }}),

finance_sales as (select * from {{ ref('int_finance_sales') }}),

components as (select * from {{ source('inputs', 'components') }} where measure in ('billings', 'collections')),

whole_transactions as (
    select
        'deals' as fact,
        'deal' as transaction_type,
        deal_id as transaction_id,
        line,
        owner_id,
        won_on as credited_on,
        month,
        deal_id,
        account_id,
        product_line,
        deal_type,
        segment,
        region,
        amount,
        currency,
        units,
        cost as deal_cost
    from won_lines
    union all
    select
        case when transaction_type = 'payment' then 'collections' else 'billings' end as fact,
        transaction_type,
        transaction_id,
        line,
        owner_id,
        transacted_on as credited_on,
        strftime(transacted_on, '%Y-%m') as month,
        deal_id,
        account_id,
        product_line,
        deal_type,
        segment,
        region,
        amount,
        currency,
        null as units,
        null as deal_cost
    from finance_sales
    where exists (select 1 from components)
)

select * from whole_transactions
