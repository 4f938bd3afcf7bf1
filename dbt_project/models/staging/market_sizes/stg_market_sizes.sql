{{ config(materialized='view') }}
-- One row per region and period: its latest valid version.
with

typed as (select * from {{ ref('typed_market_sizes') }}),

rejected as (select * from {{ ref('rejected_market_sizes') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.region,
        typed.period,
        typed.value
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
