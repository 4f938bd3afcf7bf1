-- One row per invoice, payment and credit note, deal and credited participant, in the company's currency.
-- A deal's transactions go to those who share the deal, else to its owner; without a deal to the account's owner;
-- without any of them to nobody (range 0: the company alone).
with

transactions as (select * from {{ ref('int_finance_transactions') }}),

deals as (select * from {{ ref('int_deal_attributes') }}),

accounts as (select * from {{ ref('stg_accounts') }}),

shares as (select * from {{ ref('int_split_shares') }}),

currencies as (select * from {{ source('inputs', 'currencies') }}),

fx_rates as (select * from {{ ref('int_fx_rates') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

shared as (
    select
        transactions.*,
        coalesce(shares.participant_id, deals.owner_id, accounts.owner_id) as owner_id,
        coalesce(shares.share, 1) as share,
        coalesce(shares.precedence, 1) as precedence,
        deals.product_line,
        deals.deal_type,
        case when deals.deal_id is null then accounts.segment else deals.segment end as segment,
        case when deals.deal_id is null then accounts.region else deals.region end as region
    from transactions
    left join deals on transactions.deal_id = deals.deal_id
    left join accounts on transactions.account_id = accounts.account_id
    left join shares on transactions.deal_id = shares.deal_id
),

cut as (
    select
        shared.*,
        {{ minor_unit('coalesce(currencies.minor_units, 2)') }} as unit,
        {{ cut_part('shared.amount', 'shared.share', minor_unit('coalesce(currencies.minor_units, 2)')) }} as cut_amount
    from shared
    left join currencies on shared.currency = currencies.currency
    where shared.share <> 1
),

left_over as (
    select
        *,
        {{ money('amount - sum(cut_amount) over (partition by transaction_type, transaction_id, line)') }} as left_amount
    from cut
),

credited as (
    select * from shared where share = 1
    union all
    select
        * exclude (unit, cut_amount, left_amount)
        replace ({{ money("cut_amount + " ~ returned_part('left_amount', 'precedence', 'unit')) }} as amount)
    from left_over
),

finance_credits as (
    select
        credited.transaction_type,
        credited.transaction_id,
        credited.line,
        ranges.participant_id,
        coalesce(ranges.range_id, 0) as range_id,
        credited.transacted_on as credited_on,
        strftime(credited.transacted_on, '%Y-%m') as month,
        credited.deal_id,
        credited.account_id,
        credited.product_line,
        credited.deal_type,
        credited.segment,
        credited.region,
        credited.amount,
        credited.currency,
        {{ money(times('credited.amount', 'fx_rates.rate')) }} as company_amount
    from credited
    left join fx_rates
        on
            credited.currency = fx_rates.currency
            and credited.rated_on >= fx_rates.valid_from
            and credited.rated_on < fx_rates.valid_to
    left join ranges
        on
            credited.owner_id = ranges.participant_id
            and credited.transacted_on between ranges.starts_on and ranges.ends_on
)

select * from finance_credits
