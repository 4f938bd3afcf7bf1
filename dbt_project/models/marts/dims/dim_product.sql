-- One row per product.
with

products as (select * from {{ ref('stg_products') }}),

run as (select run_id from {{ source('inputs', 'run') }}),

dim_product as (
    select
        products.product_id,
        coalesce(products.name, products.product_id) as name,
        products.product_line,
        products.list_price,
        products.unit_cost,
        run.run_id
    from products
    cross join run
)

select * from dim_product
