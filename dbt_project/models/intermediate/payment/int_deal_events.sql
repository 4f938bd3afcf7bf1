-- One row per won deal, kind of event and day on which part of it was lost: refunded, credited or cancelled. The part lost
-- (1 when cancelled) is net of tax and in the deal's currency. None when no plan takes anything back.
with

terms as (select * from {{ source('inputs', 'clawbacks') }}),

deals as (
    select * from {{ ref('stg_deals') }}
    where status = 'won' and exists (select 1 from terms)
),

transactions as (
    select * from {{ ref('int_finance_transactions') }}
    where
        transaction_type in ('payment', 'credit_note')
        and net_amount < 0
        and exists (select 1 from terms where on_refund or on_credit_note)
),

company as (select * from {{ source('inputs', 'run') }}),

fx_rates as (select * from {{ ref('int_fx_rates') }}),

amounts as (
    select deal_id, {{ money('sum(amount)') }} as amount
    from {{ ref('int_won_lines') }}
    where deal_id in (select deal_id from transactions)
    group by deal_id
),

moved as (
    {{ in_currency_of_deals('transactions') }}
),

events as (
    select
        moved.deal_id,
        case moved.transaction_type when 'payment' then 'refund' else 'credit_note' end as kind,
        moved.transacted_on as event_on,
        coalesce({{ ratio('abs(sum(moved.amount))', 'abs(any_value(amounts.amount))') }}, 1) as lost_share
    from moved
    inner join amounts on moved.deal_id = amounts.deal_id
    group by moved.deal_id, moved.transaction_type, moved.transacted_on
    union all
    select deal_id, 'cancel' as kind, cancelled_on as event_on, cast(1 as decimal(18, 10)) as lost_share
    from deals
    where cancelled_on is not null
),

-- Whole months of the contract, from its start; one that begins on the day has begun.
dated as (
    select
        events.*,
        deals.term_months,
        coalesce(deals.contract_start_on, deals.won_on) as starts_on,
        (year(events.event_on) - year(coalesce(deals.contract_start_on, deals.won_on))) * 12
        + month(events.event_on) - month(coalesce(deals.contract_start_on, deals.won_on)) as months_between
    from events
    inner join deals on events.deal_id = deals.deal_id
    cross join company
    where events.event_on <= company.period_ends_on
),

deal_events as (
    select
        deal_id,
        kind,
        event_on,
        lost_share,
        -- A contract without a term is lost whole.
        case
            when coalesce(term_months, 0) <= 0 then cast(1 as decimal(18, 10))
            else
                {{ ratio(
                    "greatest(0, least(term_months, term_months - months_between - case when cast(starts_on + to_months(cast(months_between as integer)) as date) <= event_on then 1 else 0 end))",
                    "term_months"
                ) }}
        end as unexpired_share
    from dated
)

select * from deal_events
