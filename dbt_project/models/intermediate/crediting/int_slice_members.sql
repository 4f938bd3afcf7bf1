-- One row per slice but `all` and combination of deal attributes that falls into it.
-- A combination is in a slice when, for every field the slice names, its value is one of those listed.
with

slices as (select * from {{ source('inputs', 'slices') }} where slice <> 'all'),

filters as (select * from {{ source('inputs', 'slice_filters') }}),

combinations as (
    select distinct product_line, deal_type, segment, region
    from {{ ref('int_owner_credits') }}
    where exists (select 1 from filters)
    union
    select distinct product_line, deal_type, segment, region
    from {{ ref('int_whole_credits') }}
    where exists (select 1 from filters)
),

fields as (
    select distinct slice, field from filters
),

matched as (
    select distinct
        combinations.*,
        filters.slice,
        filters.field
    from combinations
    inner join filters
        on
            filters.value = case filters.field
                when 'product_line' then combinations.product_line
                when 'deal_type' then combinations.deal_type
                when 'segment' then combinations.segment
                when 'region' then combinations.region
            end
),

members as (
    select
        slices.slice,
        combinations.product_line,
        combinations.deal_type,
        combinations.segment,
        combinations.region
    from slices
    cross join combinations
    left join fields on slices.slice = fields.slice
    left join matched
        on
            fields.slice = matched.slice
            and fields.field = matched.field
            and combinations.product_line is not distinct from matched.product_line
            and combinations.deal_type is not distinct from matched.deal_type
            and combinations.segment is not distinct from matched.segment
            and combinations.region is not distinct from matched.region
    group by all
    having count(fields.field) = count(matched.field)
)

select * from members
