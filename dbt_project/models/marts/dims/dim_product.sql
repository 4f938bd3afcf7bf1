-- One row per product.
with

products as (select * from {{ ref('stg_products') }}),

dim_product as (
    select product_id, coalesce(name, product_id) as name, product_line, list_price, unit_cost
    from products
)

select * from dim_product
