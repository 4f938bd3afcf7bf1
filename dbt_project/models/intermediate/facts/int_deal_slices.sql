-- One row per slice asked for and combination of deal attributes that falls into it.
-- The combinations are all that can occur, taken from the dimensions, so that no fact has to be read for them.
{% set fields = ['product_line', 'deal_type', 'segment', 'region'] %}
with

product_lines as (
    select distinct product_line from {{ ref('stg_products') }}
    union
    select null as product_line
),

deal_types as (
    select distinct deal_type from {{ ref('stg_deals') }}
    union
    select null as deal_type
),

markets as (
    select distinct segment, region from {{ ref('stg_accounts') }}
    union
    select null as segment, null as region
),

combinations as (
    select product_lines.product_line, deal_types.deal_type, markets.segment, markets.region
    from product_lines
    cross join deal_types
    cross join markets
),

requested as (
    {{ requested_slices('deals') }}
    union
    {{ requested_slices('finance') }}
),

deal_slices as (
    {{ slice_matches('combinations', fields, 'requested') }}
)

select * from deal_slices
