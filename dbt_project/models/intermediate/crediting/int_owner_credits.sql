{{ config(materialized='view') }}
-- One row per transaction, line and participant credited as owner or sharer: won deals, and invoices, credit notes and
-- payments where a component counts billings or collections. `fact` is what a component's measure looks for.
with

deal_credits as (select * from {{ ref('int_deal_credits') }}),

finance_credits as (select * from {{ ref('int_finance_credits') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

components as (select * from {{ source('inputs', 'components') }} where measure in ('billings', 'collections')),

owner_credits as (
    select
        'deals' as fact,
        transaction_type,
        transaction_id,
        line,
        participant_id,
        share,
        plan_version_id,
        credited_on,
        month,
        deal_id,
        account_id,
        product_line,
        deal_type,
        segment,
        region,
        amount,
        currency,
        units,
        deal_cost,
        is_split
    from deal_credits
    union all
    select
        case when finance_credits.transaction_type = 'payment' then 'collections' else 'billings' end as fact,
        finance_credits.transaction_type,
        finance_credits.transaction_id,
        finance_credits.line,
        finance_credits.participant_id,
        cast(1 as decimal(13, 10)) as share,
        ranges.plan_version_id,
        finance_credits.credited_on,
        finance_credits.month,
        finance_credits.deal_id,
        finance_credits.account_id,
        finance_credits.product_line,
        finance_credits.deal_type,
        finance_credits.segment,
        finance_credits.region,
        finance_credits.amount,
        finance_credits.currency,
        null as units,
        null as deal_cost,
        finance_credits.is_split
    from finance_credits
    inner join ranges on finance_credits.range_id = ranges.range_id
    where exists (select 1 from components)
)

select * from owner_credits
