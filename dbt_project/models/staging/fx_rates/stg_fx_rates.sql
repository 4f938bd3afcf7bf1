{{ config(materialized='view') }}
-- One row per currency and day: its latest valid version.
with

typed as (select * from {{ ref('typed_fx_rates') }}),

staged as (
    select
        _batch_no,
        _row,
        currency,
        rate_on,
        rate
    from typed
    where {{ is_none_of('typed', [ref('rejected_fx_rates')]) }}
)

select * from staged
