-- One row per component that takes back, won deal and day of an event: the share it takes of what the deal's transactions
-- from a day on (earned_since_on) have earned. Several events together never take more than the whole; a cancellation
-- takes what refunds and credit notes have left. What was earned before the company's first period was never booked, so
-- that nothing of it can be taken back, but for a charge at the current rate, which needs no booking.
with

events as (select * from {{ ref('int_deal_events') }}),

terms as (select * from {{ source('inputs', 'clawbacks') }}),

company as (
    select months.starts_on as books_from
    from {{ source('inputs', 'run') }} as run
    inner join {{ source('inputs', 'calendar_months') }} as months on run.first_period = months.month
),

matched as (
    select
        terms.plan_version_id,
        terms.component,
        terms.charge,
        events.deal_id,
        events.event_on,
        strftime(events.event_on, '%Y-%m') as month,
        -- The events that reach a transaction are the earliest ones, so what each finds left is the same for all.
        greatest(
            coalesce(events.event_on - terms.within_days, date '0001-01-01'),
            case when terms.charge = 'current_rate' then date '0001-01-01' else company.books_from end
        ) as earned_since_on,
        case events.kind when 'refund' then 1 when 'credit_note' then 2 else 3 end as turn,
        events.lost_share,
        coalesce(terms.share, events.unexpired_share) as taken_share
    from events
    inner join terms
        on
            case events.kind
                when 'refund' then terms.on_refund
                when 'credit_note' then terms.on_credit_note
                else terms.on_cancel
            end
    cross join company
),

so_far as (
    select
        *,
        least(1, sum(lost_share) over by_event) as lost_so_far,
        least(1, sum(lost_share) over by_event - lost_share) as lost_before
    from matched
    window by_event as (
        partition by plan_version_id, component, deal_id order by event_on, turn rows unbounded preceding
    )
),

clawback_shares as (
    select
        plan_version_id,
        component,
        charge,
        deal_id,
        event_on,
        month,
        earned_since_on,
        cast(sum((lost_so_far - lost_before) * taken_share) as decimal(18, 10)) as share
    from so_far
    group by plan_version_id, component, charge, deal_id, event_on, month, earned_since_on
    having sum((lost_so_far - lost_before) * taken_share) > 0
)

select * from clawback_shares
