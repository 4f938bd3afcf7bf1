-- One row per scope member, period and slice: billed, received and due in the period, and what was open before it.
-- Open before = everything billed less everything received earlier, however long ago. What a segment finds open on its first
-- day arose under whatever plan: it is the participant's balance of that day.
{% set months_measures = {'billed_amount': 'decimal(24, 6)', 'received_amount': 'decimal(24, 6)',
    'due_amount': 'decimal(24, 6)', 'billing_count': 'bigint', 'receipt_count': 'bigint', 'due_count': 'bigint'} %}
{% set measures = dict(months_measures, opening_amount='decimal(24, 6)') %}
{% set fields = ['product_line', 'deal_type', 'segment', 'region'] %}
with

credits as (
    select
        transaction_type, participant_id, range_id, month, due_on, product_line, deal_type, segment, region,
        company_amount
    from {{ ref('int_finance_credits') }}
),

ranges as (select * from {{ ref('int_participant_ranges') }}),

requests as (
    select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'collection_rate' and variant = 'due'
),

slices as (
    select * from {{ ref('int_deal_slices') }} where slice in ({{ requested_slices('finance') }})
),

flows as (
    select
        credits.range_id,
        credits.month,
        slices.slice,
        sum(case when credits.transaction_type = 'payment' then 0 else credits.company_amount end) as billed_amount,
        sum(case when credits.transaction_type = 'payment' then credits.company_amount else 0 end) as received_amount,
        0 as due_amount,
        count(*) filter (where credits.transaction_type <> 'payment') as billing_count,
        count(*) filter (where credits.transaction_type = 'payment') as receipt_count,
        0 as due_count
    from credits
    inner join slices on {{ same_values('credits', 'slices', fields) }}
    group by credits.range_id, credits.month, slices.slice
),

-- Invoices once more, on the day they were due.
due as (
    select
        coalesce(ranges.range_id, 0) as range_id,
        strftime(credits.due_on, '%Y-%m') as month,
        slices.slice,
        0 as billed_amount,
        0 as received_amount,
        sum(credits.company_amount) as due_amount,
        0 as billing_count,
        0 as receipt_count,
        count(*) as due_count
    from credits
    inner join slices on {{ same_values('credits', 'slices', fields) }}
    left join ranges
        on credits.participant_id = ranges.participant_id and credits.due_on between ranges.starts_on and ranges.ends_on
    where credits.due_on is not null and exists (select 1 from requests)
    group by all
),

by_range as (
    select * from flows
    union all
    select * from due
),

months as (
    {{ by_scope('by_range', ['month', 'slice'], months_measures) }}
),

spans as (
    select period, min(month) as first_month, max(month) as last_month
    from {{ source('inputs', 'period_months') }}
    group by period
),

summed as (
    select
        months.scope,
        months.scope_id,
        spans.period,
        months.slice,
        {{ summed_when('months', months_measures, 'months.month >= spans.first_month') }},
        sum(
            case when months.month < spans.first_month then months.billed_amount - months.received_amount else 0 end
        ) as opening_sum
    from months
    inner join spans on months.month <= spans.last_month
    group by months.scope, months.scope_id, spans.period, months.slice
),

segments as (select * from {{ ref('int_segment_spans') }}),

carried as (
    select
        segments.scope_id,
        segments.period,
        by_range.slice,
        sum(by_range.billed_amount - by_range.received_amount) as opening_sum
    from segments
    inner join spans on segments.period = spans.period
    inner join ranges on segments.participant_id = ranges.participant_id
    inner join by_range on ranges.range_id = by_range.range_id
    where
        by_range.month < spans.first_month
        or (by_range.month <= spans.last_month and ranges.ends_on < segments.begins_on)
    group by segments.scope_id, segments.period, by_range.slice
),

period_sums as (
    select * exclude (opening_sum), {{ money('opening_sum') }} as opening_amount
    from summed
    where scope <> 'segment'
    union all
    select
        'segment' as scope,
        coalesce(summed.scope_id, carried.scope_id) as scope_id,
        coalesce(summed.period, carried.period) as period,
        coalesce(summed.slice, carried.slice) as slice,
        coalesce(summed.billed_amount, 0) as billed_amount,
        coalesce(summed.received_amount, 0) as received_amount,
        coalesce(summed.due_amount, 0) as due_amount,
        coalesce(summed.billing_count, 0) as billing_count,
        coalesce(summed.receipt_count, 0) as receipt_count,
        coalesce(summed.due_count, 0) as due_count,
        {{ money('coalesce(carried.opening_sum, 0)') }} as opening_amount
    from (select * from summed where scope = 'segment') as summed
    full outer join carried
        on
            summed.scope_id = carried.scope_id
            and summed.period = carried.period
            and summed.slice = carried.slice
),

finance_facts as (
    {{ without_gaps('period_sums', 'finance', measures) }}
)

select * from finance_facts
