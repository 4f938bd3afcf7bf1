-- One row per transaction and line of a deal and participant named on the deal in another role than owner: what counts
-- on top of the owner.
with

transactions as (select * from {{ ref('int_whole_transactions') }}),

overlays as (
    select * from {{ ref('stg_deal_splits') }}
    where credit_role <> 'owner' and exists (select 1 from {{ source('inputs', 'component_overlays') }})
),

ranges as (select * from {{ ref('int_participant_ranges') }}),

overlay_credits as (
    select
        transactions.fact,
        transactions.transaction_type,
        transactions.transaction_id,
        transactions.line,
        overlays.participant_id,
        overlays.credit_role,
        overlays.share,
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
    inner join overlays on transactions.deal_id = overlays.deal_id
    inner join ranges
        on
            overlays.participant_id = ranges.participant_id
            and transactions.credited_on between ranges.starts_on and ranges.ends_on
)

select * from overlay_credits
