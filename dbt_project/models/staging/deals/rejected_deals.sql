{{ config(materialized='table') }}
-- One row per landed row of deals that is not staged: quarantined with its first fault, or superseded.
-- A deal is also quarantined when it could only be credited in part: its owner splits do not add up to exactly 1, or it
-- is won and one of its lines is quarantined.
{% set typed = ref('typed_deals') %}

with

faults as (
    {{ own_faults(typed) }}
    union all
    {{ reference_faults(typed, 'owner_id', 'participants', 1) }}
    union all
    {{ reference_faults(typed, 'account_id', 'accounts', 2) }}
    union all
    {{ reference_faults(typed, 'product_id', 'products', 3) }}
    union all
    {{ currency_faults(typed, 4) }}
    union all
    {{ rate_faults(typed, closing_day(), 5) }}
),

quarantined as ({{ first_fault('faults') }}),

superseded as ({{ superseded_versions(typed, 'quarantined', ['deal_id']) }}),

split_totals as (
    select
        deal_id,
        total
    from ({{ owner_split_totals() }}) as totals
    where total <> 1
),

broken_lines as ({{ open_broken_lines() }}),

uncreditable as (
    select
        typed._batch_no,
        typed._row,
        'quarantined' as state,
        case when split_totals.deal_id is not null then 'split_total' else 'line_quarantined' end as rule,
        case when split_totals.deal_id is not null then 'share' else 'line' end as field,
        coalesce(cast(split_totals.total as varchar), broken_lines.line) as value,
        case
            when split_totals.deal_id is not null then 'shares of the credit role owner that add up to exactly 1'
            else 'every line of a won deal to be valid'
        end as expected
    from {{ typed }} as typed
    left join split_totals on typed.deal_id = split_totals.deal_id
    left join broken_lines on typed.deal_id = broken_lines.deal_id
    where
        typed._rule is null
        and (split_totals.deal_id is not null or (typed.status = 'won' and broken_lines.deal_id is not null))
        and {{ is_none_of('typed', ['quarantined', 'superseded']) }}
),

rejected as (
    select * from quarantined
    union all
    select * from superseded
    union all
    select * from uncreditable
)

select * from rejected
