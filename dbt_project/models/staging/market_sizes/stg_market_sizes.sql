{{ config(materialized='view') }}
-- One row per region and period: its latest valid version.
with

typed as (select * from {{ ref('typed_market_sizes') }}),

staged as (
    select
        _batch_no,
        _row,
        region,
        period,
        value
    from typed
    where {{ is_none_of('typed', [ref('rejected_market_sizes')]) }}
)

select * from staged
