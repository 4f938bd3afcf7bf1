{{ config(materialized='view') }}
-- One row per currency and day: its latest valid version.
with

typed as (select * from {{ ref('typed_fx_rates') }}),

rejected as (select * from {{ ref('rejected_fx_rates') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.currency,
        typed.rate_on,
        typed.rate
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
