{{ config(materialized='view') }}
-- One row per line of a won deal (a deal without lines is one line), in the deal's currency.
with

deals as (select * from {{ ref('stg_deals') }} where status = 'won'),

lines as (select * from {{ ref('stg_deal_lines') }}),

products as (select * from {{ ref('stg_products') }}),

accounts as (select * from {{ ref('stg_accounts') }}),

won_lines as (
    select
        deals.deal_id,
        coalesce(lines.line, '1') as line,
        deals.owner_id,
        deals.account_id,
        deals.deal_type,
        deals.won_on,
        deals.created_on,
        deals.currency,
        case when lines.deal_id is null then deals.product_id else coalesce(lines.product_id, deals.product_id) end
            as product_id,
        {{ money("coalesce(case when lines.deal_id is null then deals.amount else lines.amount end, 0)") }} as amount,
        case when lines.deal_id is null then deals.units else lines.units end as units,
        case when lines.deal_id is null then deals.cost else lines.cost end as cost,
        case when lines.deal_id is null then deals.list_amount else lines.list_amount end as list_amount
    from deals
    left join lines on deals.deal_id = lines.deal_id
),

described as (
    select
        won_lines.*,
        strftime(won_lines.won_on, '%Y-%m') as month,
        products.product_line,
        accounts.segment,
        accounts.region
    from won_lines
    left join products on won_lines.product_id = products.product_id
    left join accounts on won_lines.account_id = accounts.account_id
)

select * from described
