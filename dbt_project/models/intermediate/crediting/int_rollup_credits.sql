{{ config(meta=local_by(['transaction_id'], ['int_deal_credits', 'int_finance_credits'])) }}
-- One row per transaction, line and manager of somebody credited with it, as of the transaction's date: what all levels
-- below the manager (`manager`) or the first alone (`direct`) are credited with. Who is an owner gets no second credit.
with

owner_credits as (
    select * from {{ ref('int_owner_credits') }}
    where exists (select 1 from {{ source('inputs', 'components') }} where rollup <> 'none')
),

chains as (select * from {{ ref('int_manager_chains') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

reached as (
    select
        owner_credits.*,
        chains.manager_id,
        chains.level
    from owner_credits
    inner join chains
        on
            owner_credits.participant_id = chains.participant_id
            and owner_credits.credited_on between chains.starts_on and chains.ends_on
),

routed as (
    select 'manager' as rollup, reached.* from reached
    union all
    select 'direct' as rollup, reached.* from reached where level = 1
),

summed as (
    select
        rollup,
        fact,
        transaction_type,
        transaction_id,
        line,
        manager_id as participant_id,
        credited_on,
        month,
        deal_id,
        account_id,
        product_line,
        deal_type,
        segment,
        region,
        currency,
        cast(sum(share) as decimal(13, 10)) as share,
        {{ money('sum(amount)') }} as amount,
        {{ money('sum(units)') }} as units,
        {{ money('sum(deal_cost)') }} as deal_cost
    from routed
    group by all
),

rollup_credits as (
    select
        summed.*,
        ranges.plan_version_id
    from summed
    inner join ranges
        on
            summed.participant_id = ranges.participant_id
            and summed.credited_on between ranges.starts_on and ranges.ends_on
    left join owner_credits
        on
            summed.participant_id = owner_credits.participant_id
            and summed.transaction_type = owner_credits.transaction_type
            and summed.transaction_id = owner_credits.transaction_id
            and summed.line = owner_credits.line
    where owner_credits.transaction_id is null
)

select * from rollup_credits
