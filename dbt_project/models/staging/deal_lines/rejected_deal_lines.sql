{{ config(materialized='table') }}
-- One row per landed row of deal_lines that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_deal_lines') %}

with

checked as (select * from {{ ref('checked_deal_lines') }}),

orphans as ({{ reference_faults(typed, 'deal_id', 'deals', 1, is_part=true) }}),

rejected as (
    select * from checked
    union all
    select _batch_no, _row, state, rule, field, value, expected
    from orphans
    where {{ is_none_of('orphans', ['checked']) }}
)

select * from rejected
