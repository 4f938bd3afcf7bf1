-- One row per line of a won deal and participant named on it in another role than owner: what counts on top of the owner.
with

won_lines as (select * from {{ ref('int_won_lines') }}),

overlays as (
    select * from {{ ref('stg_deal_splits') }}
    where credit_role <> 'owner' and exists (select 1 from {{ source('inputs', 'component_overlays') }})
),

ranges as (select * from {{ ref('int_participant_ranges') }}),

overlay_credits as (
    select
        'deal' as transaction_type,
        won_lines.deal_id as transaction_id,
        won_lines.line,
        overlays.participant_id,
        overlays.credit_role,
        overlays.share,
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
    inner join overlays on won_lines.deal_id = overlays.deal_id
    inner join ranges
        on
            overlays.participant_id = ranges.participant_id
            and won_lines.won_on between ranges.starts_on and ranges.ends_on
)

select * from overlay_credits
