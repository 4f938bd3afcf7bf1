{{ config(materialized='table') }}
-- One row per landed row of deal_lines that is not staged: quarantined with its first fault, or superseded.
{% set typed = ref('typed_deal_lines') %}

with

checked as (select * from {{ ref('checked_deal_lines') }}),

orphans as (
    {{ reference_faults(typed, 'deal_id', 'deals', 1, is_part=true) }}
),

rejected as (
    select * from checked
    union all
    select
        orphans._batch_no,
        orphans._row,
        orphans.state,
        orphans.rule,
        orphans.field,
        orphans.value,
        orphans.expected
    from orphans
    left join checked on orphans._batch_no = checked._batch_no and orphans._row = checked._row
    where checked._batch_no is null
)

select * from rejected
