-- One row per transaction and line of a split deal, whole, for the deal's owner: what components with
-- `credit.split: false` count.
with

transactions as (select * from {{ ref('int_whole_transactions') }}),

split_deals as (
    select distinct deal_id
    from {{ ref('int_split_shares') }}
    where exists (select 1 from {{ source('inputs', 'components') }} where not credit_split)
),

ranges as (select * from {{ ref('int_participant_ranges') }}),

unsplit_credits as (
    select
        transactions.fact,
        transactions.transaction_type,
        transactions.transaction_id,
        transactions.line,
        transactions.owner_id as participant_id,
        'owner' as credit_role,
        cast(1 as decimal(13, 10)) as share,
        ranges.plan_version_id,
        transactions.credited_on,
        transactions.month,
        transactions.deal_id,
        transactions.account_id,
        transactions.product_line,
        transactions.deal_type,
        transactions.segment,
        transactions.region,
        transactions.amount,
        transactions.currency,
        transactions.units,
        transactions.deal_cost
    from transactions
    inner join split_deals on transactions.deal_id = split_deals.deal_id
    inner join ranges
        on
            transactions.owner_id = ranges.participant_id
            and transactions.credited_on between ranges.starts_on and ranges.ends_on
)

select * from unsplit_credits
