-- One row per won deal, kind of money (invoiced or collected) and day on which its payable share changed: the share
-- reached that day, between 0 and 1, net of tax and in the deal's currency. None when no plan waits for invoices or cash.
-- invoiced: invoices less credit notes; collected: what was received, at most what was invoiced (without any invoice the
-- payments alone). Of a deal without money nothing is waited for.
with

followed as (select distinct pay_when from {{ source('inputs', 'pay_terms') }} where pay_when <> 'booked'),

transactions as (
    select * from {{ ref('int_finance_transactions') }}
    where deal_id is not null and exists (select 1 from followed)
),

won as (
    select
        deal_id,
        any_value(currency) as currency,
        any_value(won_on) as won_on,
        {{ money('sum(amount)') }} as deal_amount
    from {{ ref('int_won_lines') }}
    where exists (select 1 from followed)
    group by deal_id
),

deals as (select * from won where deal_amount <> 0),

fx_rates as (select * from {{ ref('int_fx_rates') }}),

in_currency as (
    {{ in_currency_of_deals('transactions', ['deal_amount']) }}
),

daily as (
    select
        deal_id,
        transacted_on,
        deal_amount,
        coalesce(sum(amount) filter (where transaction_type <> 'payment'), 0) as invoiced,
        coalesce(sum(amount) filter (where transaction_type = 'payment'), 0) as collected,
        count(*) filter (where transaction_type = 'invoice') as invoice_count
    from in_currency
    group by deal_id, transacted_on, deal_amount
),

so_far as (
    select
        deal_id,
        transacted_on,
        deal_amount,
        {{ money('sum(invoiced) over to_date') }} as invoiced,
        {{ money('sum(collected) over to_date') }} as collected,
        sum(invoice_count) over to_date as invoice_count
    from daily
    window to_date as (partition by deal_id order by transacted_on rows unbounded preceding)
),

shares as (
    select
        deal_id,
        transacted_on,
        invoice_count,
        case when invoiced = deal_amount then 1 else {{ ratio('invoiced', 'deal_amount') }} end as invoiced_share,
        case when collected = deal_amount then 1 else {{ ratio('collected', 'deal_amount') }} end as collected_share
    from so_far
),

levels as (
    select
        shares.deal_id,
        followed.pay_when,
        shares.transacted_on as reached_on,
        cast(
            greatest(
                0,
                least(
                    1,
                    case
                        when followed.pay_when = 'invoiced' then shares.invoiced_share
                        when shares.invoice_count = 0 then shares.collected_share
                        else least(shares.collected_share, shares.invoiced_share)
                    end
                )
            ) as decimal(13, 10)
        ) as share
    from shares
    cross join followed
    union all
    select won.deal_id, followed.pay_when, won.won_on as reached_on, cast(1 as decimal(13, 10)) as share
    from won
    cross join followed
    where won.deal_amount = 0
),

changes as (
    select
        *,
        share <> coalesce(lag(share) over (partition by deal_id, pay_when order by reached_on), 0) as is_change
    from levels
),

payable_levels as (
    select deal_id, pay_when, reached_on, share
    from changes
    where is_change
)

select * from payable_levels
