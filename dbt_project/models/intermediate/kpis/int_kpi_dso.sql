-- One row per scope member, period and slice: days sales outstanding = closing AR ÷ billed × days in the period.
-- A quarter or year in progress counts the days of its months so far. Without anything billed (or more credited than
-- billed) there is no value. The period of a segment is its own days.
with

facts as (select * from {{ ref('int_finance_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'dso'),

spans as (
    select period, datediff('day', min(month_starts_on), last_day(max(month_starts_on))) + 1 as days
    from {{ source('inputs', 'period_months') }}
    group by period
),

segments as (select * from {{ ref('int_segment_spans') }}),

dso as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number(
            "(facts.opening_amount + facts.billed_amount - facts.received_amount) * coalesce(segments.days, spans.days)"
        ) }} as numerator,
        {{ kpi_number("greatest(facts.billed_amount, 0)") }} as denominator,
        facts.billing_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
    inner join spans on facts.period = spans.period
    left join segments
        on
            case when facts.scope = 'segment' then facts.scope_id end = segments.scope_id
            and facts.period = segments.period
)

select * from dso
