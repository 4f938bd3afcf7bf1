{{ config(schema="settlement", contract={"enforced": false}) }}
-- One row per contract, plan, component and origin period: the commission it costs, as computed today.
-- A gate, multiplier, cap or rounding counts for the deals of its person and month in proportion to what they earn. A
-- minimum and a bonus are not caused by one contract: they are no cost of it.
with

contracts as (select deal_id from {{ ref('int_contracts') }}),

earnings as (
    select * from {{ ref('earnings') }} where exists (select 1 from contracts)
),

credits as (
    select distinct participant_id, plan, component, transaction_type, transaction_id, line, deal_id
    from {{ ref('credits') }}
    where transaction_type <> 'deal' and exists (select 1 from contracts)
),

currencies as (select * from {{ source('inputs', 'currencies') }}),

placed as (
    select
        earnings.participant_id,
        earnings.plan,
        earnings.component,
        earnings.origin_period,
        earnings.currency,
        earnings.amount,
        earnings.transaction_id <> '' as is_of_a_deal,
        earnings.transaction_type in ('gate', 'multiplier', 'cap', 'rounding') as is_shared,
        coalesce(credits.deal_id, earnings.transaction_id) as deal_id
    from earnings
    left join credits
        on
            earnings.participant_id = credits.participant_id
            and earnings.plan = credits.plan
            and earnings.component = credits.component
            and earnings.transaction_type = credits.transaction_type
            and earnings.transaction_id = credits.transaction_id
            and earnings.line = credits.line
),

months as (
    select
        participant_id,
        plan,
        component,
        origin_period,
        {{ money('coalesce(sum(amount) filter (where is_shared), 0)') }} as shared_amount
    from placed
    group by participant_id, plan, component, origin_period
),

by_deal as (
    select
        participant_id,
        plan,
        component,
        origin_period,
        currency,
        deal_id,
        {{ money('sum(amount)') }} as amount
    from placed
    where is_of_a_deal and not is_shared
    group by participant_id, plan, component, origin_period, currency, deal_id
),

weighed as (
    select
        *,
        {{ money('sum(abs(amount)) over (partition by participant_id, plan, component, origin_period)') }} as weight
    from by_deal
),

shared as (
    select
        weighed.*,
        {{ money('weighed.amount + coalesce(' ~ times('months.shared_amount', ratio('abs(weighed.amount)', 'weighed.weight')) ~ ', 0)') }}
            as cost_amount
    from weighed
    inner join months
        on
            weighed.participant_id = months.participant_id
            and weighed.plan = months.plan
            and weighed.component = months.component
            and weighed.origin_period = months.origin_period
),

deal_costs as (
    select
        shared.deal_id,
        shared.plan,
        shared.component,
        shared.origin_period,
        shared.currency,
        {{ money('sum(' ~ half_up('shared.cost_amount', 'currencies.minor_units') ~ ')') }} as amount
    from shared
    inner join contracts on shared.deal_id = contracts.deal_id
    inner join currencies on shared.currency = currencies.currency
    group by shared.deal_id, shared.plan, shared.component, shared.origin_period, shared.currency
)

select * from deal_costs
