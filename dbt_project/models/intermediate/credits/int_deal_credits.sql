{{ config(meta=local_by(
    ['deal_id'],
    ['typed_deals', 'typed_deal_lines', 'int_split_credits', 'int_first_deals'],
    beside_won_lines()
)) }}
-- One row per line of a won deal and credited participant: the owner, or those who share the deal as owners.
with

won_lines as not materialized (select * from {{ ref('int_won_lines') }}),

split_credits as (select * from {{ ref('int_split_credits') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

fx_rates as (select * from {{ ref('int_fx_rates') }}),

first_deals as (select * from {{ ref('int_first_deals') }}),

credited as (
    select
        won_lines.* exclude (amount, units, cost, list_amount),
        coalesce(split_credits.participant_id, won_lines.owner_id) as participant_id,
        split_credits.deal_id is not null as is_split,
        coalesce(split_credits.share, cast(1 as decimal(13, 10))) as share,
        case when split_credits.deal_id is null then won_lines.amount else split_credits.amount end as amount,
        case when split_credits.deal_id is null then won_lines.units else split_credits.units end as units,
        case when split_credits.deal_id is null then won_lines.cost else split_credits.cost end as cost,
        case when split_credits.deal_id is null then won_lines.list_amount else split_credits.list_amount end
            as list_amount
    from won_lines
    left join split_credits on won_lines.deal_id = split_credits.deal_id and won_lines.line = split_credits.line
),

deal_credits as (
    select
        'deal' as transaction_type,
        credited.deal_id as transaction_id,
        credited.line,
        credited.participant_id,
        'owner' as credit_role,
        credited.share,
        ranges.range_id,
        ranges.plan_version_id,
        credited.won_on as credited_on,
        credited.month,
        credited.deal_id,
        credited.account_id,
        credited.product_id,
        credited.product_line,
        credited.deal_type,
        credited.segment,
        credited.region,
        credited.owner_id,
        credited.created_on,
        credited.amount,
        credited.currency,
        {{ money_times('credited.amount', 'fx_rates.rate') }} as company_amount,
        credited.units,
        credited.cost as deal_cost,
        {{ money_times('credited.cost', 'fx_rates.rate') }} as cost,
        {{ money_times('credited.list_amount', 'fx_rates.rate') }} as list_amount,
        first_deals.deal_id is not null as is_first_of_account,
        credited.is_split
    from credited
    inner join ranges
        on
            credited.participant_id = ranges.participant_id
            and credited.won_on between ranges.starts_on and ranges.ends_on
    inner join fx_rates
        on
            credited.currency = fx_rates.currency
            and credited.won_on >= fx_rates.valid_from
            and credited.won_on < fx_rates.valid_to
    left join first_deals on credited.deal_id = first_deals.deal_id
)

select * from deal_credits
