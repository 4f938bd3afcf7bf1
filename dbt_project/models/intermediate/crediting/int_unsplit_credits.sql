-- One row per line of a split deal, whole, for its owner: what components with `credit.split: false` count.
with

won_lines as (select * from {{ ref('int_won_lines') }}),

split_deals as (
    select distinct deal_id
    from {{ ref('int_split_shares') }}
    where exists (select 1 from {{ source('inputs', 'components') }} where not credit_split)
),

ranges as (select * from {{ ref('int_participant_ranges') }}),

unsplit_credits as (
    select
        'deal' as transaction_type,
        won_lines.deal_id as transaction_id,
        won_lines.line,
        won_lines.owner_id as participant_id,
        'owner' as credit_role,
        cast(1 as decimal(13, 10)) as share,
        ranges.plan_version_id,
        won_lines.won_on as credited_on,
        won_lines.month,
        won_lines.deal_id,
        won_lines.account_id,
        won_lines.product_line,
        won_lines.deal_type,
        won_lines.segment,
        won_lines.region,
        won_lines.amount,
        won_lines.currency,
        won_lines.units,
        won_lines.cost as deal_cost
    from won_lines
    inner join split_deals on won_lines.deal_id = split_deals.deal_id
    inner join ranges
        on
            won_lines.owner_id = ranges.participant_id
            and won_lines.won_on between ranges.starts_on and ranges.ends_on
)

select * from unsplit_credits
