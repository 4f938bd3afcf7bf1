{{ config(materialized='view') }}
-- One row per deal: its owner, account and what slices look at.
-- The product line is that of the deal's own product, else the one its lines share.
with

deals as (select * from {{ ref('stg_deals') }}),

products as (select * from {{ ref('stg_products') }}),

accounts as (select * from {{ ref('stg_accounts') }}),

lines as (
    select deal_lines.deal_id, min(products.product_line) as product_line
    from {{ ref('stg_deal_lines') }} as deal_lines
    inner join products on deal_lines.product_id = products.product_id
    group by deal_lines.deal_id
    having count(distinct products.product_line) = 1
),

deal_attributes as (
    select
        deals.deal_id,
        deals.owner_id,
        deals.account_id,
        deals.status,
        deals.amount,
        deals.currency,
        deals.won_on,
        deals.lost_on,
        coalesce(products.product_line, lines.product_line) as product_line,
        deals.deal_type,
        accounts.segment,
        accounts.region
    from deals
    left join products on deals.product_id = products.product_id
    left join lines on deals.deal_id = lines.deal_id
    left join accounts on deals.account_id = accounts.account_id
)

select * from deal_attributes
