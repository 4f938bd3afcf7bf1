-- One row per invoice, payment and credit note, deal and credited participant, in the company's currency.
-- A deal's transactions go to those who share the deal, else to its owner; without a deal to the account's owner;
-- without any of them to nobody (range 0: the company alone).
with

transactions as (select * from {{ ref('int_finance_transactions') }}),

split_parts as (select * from {{ ref('int_finance_split_parts') }}),

deals as (select * from {{ ref('int_deal_attributes') }} where {{ is_requested('finance') }}),

accounts as (select * from {{ ref('stg_accounts') }}),

company as (select * from {{ source('inputs', 'run') }}),

fx_rates as (select * from {{ ref('int_fx_rates') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

related as (
    select
        transactions.transaction_type,
        transactions.transaction_id,
        transactions.line,
        transactions.transacted_on,
        transactions.due_on,
        transactions.deal_id,
        coalesce(deals.account_id, transactions.account_id) as account_id,
        deals.product_line,
        deals.deal_type,
        coalesce(deals.segment, accounts.segment) as segment,
        coalesce(deals.region, accounts.region) as region,
        coalesce(deals.owner_id, accounts.owner_id) as owner_id,
        transactions.amount,
        coalesce(transactions.currency, deals.currency, company.currency) as currency
    from transactions
    cross join company
    left join deals on transactions.deal_id = deals.deal_id
    left join accounts
        on case when transactions.deal_id is null then transactions.account_id end = accounts.account_id
),

credited as (
    select
        related.* exclude (amount, owner_id),
        coalesce(split_parts.participant_id, related.owner_id) as participant_id,
        coalesce(split_parts.amount, related.amount) as amount
    from related
    left join split_parts
        on
            related.transaction_id = split_parts.transaction_id
            and related.transaction_type = split_parts.transaction_type
            and related.line = split_parts.line
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
        credited.due_on,
        credited.deal_id,
        credited.account_id,
        credited.product_line,
        credited.deal_type,
        credited.segment,
        credited.region,
        credited.amount,
        credited.currency,
        {{ converted('credited.amount', 'fx_rates.rate') }} as company_amount
    from credited
    left join fx_rates
        on
            credited.currency = fx_rates.currency
            and credited.transacted_on >= fx_rates.valid_from
            and credited.transacted_on < fx_rates.valid_to
    left join ranges
        on
            credited.participant_id = ranges.participant_id
            and credited.transacted_on between ranges.starts_on and ranges.ends_on
)

select * from finance_credits
