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
    union all
    {{ worthless_deals(typed, 6) }}
),

quarantined as (
    {{ first_fault('faults') }}
),

superseded as (
    {{ superseded_versions(typed, 'quarantined', ['deal_id']) }}
),

split_totals as (
    select
        deal_id,
        total
    from ({{ owner_split_totals() }}) as totals
    where total <> 1
),

broken_lines as (
    {{ open_broken_lines() }}
),

so_far as (
    select * from quarantined
    union all
    select * from superseded
),

standing as (
    select
        typed._batch_no,
        typed._row,
        typed.deal_id,
        typed.status
    from {{ typed }} as typed
    left join so_far on typed._batch_no = so_far._batch_no and typed._row = so_far._row
    where so_far._batch_no is null
),

uncreditable as (
    select
        standing._batch_no,
        standing._row,
        'quarantined' as state,
        case when split_totals.deal_id is not null then 'split_total' else 'line_quarantined' end as rule,
        case when split_totals.deal_id is not null then 'share' else 'line' end as field,
        coalesce(cast(split_totals.total as varchar), broken_lines.line) as value,
        case
            when split_totals.deal_id is not null then 'shares of the credit role owner that add up to exactly 1'
            else 'every line of a won deal to be valid'
        end as expected
    from standing
    left join split_totals on standing.deal_id = split_totals.deal_id
    left join broken_lines on standing.deal_id = broken_lines.deal_id and standing.status = 'won'
    where split_totals.deal_id is not null or broken_lines.deal_id is not null
),

rejected as (
    select * from so_far
    union all
    select * from uncreditable
)

select * from rejected
