-- One row per transaction, line and participant for whom it counts whole: who is named on the deal in another role than
-- owner, on top of the owner; and of a split deal its owner, for components with `credit.split: false`.
with

transactions as (select * from {{ ref('int_whole_transactions') }}),

overlays as (
    select * from {{ ref('stg_deal_splits') }}
    where credit_role <> 'owner' and exists (select 1 from {{ source('inputs', 'component_overlays') }})
),

split_deals as (
    select distinct deal_id
    from {{ ref('int_split_shares') }}
    where exists (select 1 from {{ source('inputs', 'components') }} where not credit_split)
),

ranges as (select * from {{ ref('int_participant_ranges') }}),

-- Without a participant: the deal's owner.
named as (
    select deal_id, participant_id, credit_role, share from overlays
    union all
    select deal_id, cast(null as varchar) as participant_id, 'owner' as credit_role, cast(1 as decimal(13, 10)) as share from split_deals
),

credited as (
    select
        transactions.* exclude (owner_id),
        coalesce(named.participant_id, transactions.owner_id) as participant_id,
        named.credit_role,
        named.share
    from transactions
    inner join named on transactions.deal_id = named.deal_id
),

whole_credits as (
    select credited.*, ranges.plan_version_id
    from credited
    inner join ranges
        on
            credited.participant_id = ranges.participant_id
            and credited.credited_on between ranges.starts_on and ranges.ends_on
)

select * from whole_credits
