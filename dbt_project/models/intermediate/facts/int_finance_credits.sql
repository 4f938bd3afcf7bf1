-- One row per invoice, payment and credit note, deal and credited participant, in the company's currency.
-- A deal's transactions go to those who share the deal, else to its owner; without a deal to the account's owner;
-- without any of them to nobody (range 0: the company alone).
with

sales as (select * from {{ ref('int_finance_sales') }}),

split_parts as (select * from {{ ref('int_finance_split_parts') }}),

fx_rates as (select * from {{ ref('int_fx_rates') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

credited as (
    select
        sales.* exclude (amount, owner_id),
        coalesce(split_parts.participant_id, sales.owner_id) as participant_id,
        coalesce(split_parts.amount, sales.amount) as amount,
        split_parts.participant_id is not null as is_split
    from sales
    left join split_parts
        on
            sales.transaction_id = split_parts.transaction_id
            and sales.transaction_type = split_parts.transaction_type
            and sales.line = split_parts.line
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
        credited.is_split,
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
