{{ config(materialized='view') }}
-- One row per participant, plan, component and origin period of which something waits, its clawbacks apart (is_clawback):
-- the amount that is payable in the end. What stands is paid by the lines it was booked with (is_booked), all else by
-- today's. Of what stands, the ledger does not tell how much events took: what was given back later is an adjustment.
with

amounts as (select * from {{ ref('int_origin_amounts') }}),

clawbacks as (
    select participant_id, plan, component, origin_period, sum(amount) as amount
    from {{ ref('int_clawbacks') }}
    group by participant_id, plan, component, origin_period
),

waiting as (
    select
        participant_id,
        plan,
        component,
        origin_period,
        is_booked,
        is_clawback,
        {{ money('sum(deal_amount + other_amount)') }} as amount
    from {{ ref('int_vesting_origins') }}
    group by participant_id, plan, component, origin_period, is_booked, is_clawback
),

company as (select * from {{ source('inputs', 'run') }}),

currencies as (select * from {{ source('inputs', 'currencies') }}),

standing as (
    select
        amounts.participant_id,
        amounts.plan,
        amounts.component,
        amounts.origin_period,
        amounts.booked_amount,
        waiting.is_clawback,
        {{ payable_money('waiting.amount', 'currencies.minor_units', 'company.rounding') }} as amount
    from amounts
    inner join waiting
        on
            amounts.participant_id = waiting.participant_id
            and amounts.plan = waiting.plan
            and amounts.component = waiting.component
            and amounts.origin_period = waiting.origin_period
    inner join currencies on amounts.currency = currencies.currency
    cross join company
    where amounts.is_settled and waiting.is_booked
),

stood as (
    select
        participant_id,
        plan,
        component,
        origin_period,
        case
            when bool_and(is_clawback) then any_value(booked_amount)
            else coalesce(sum(amount) filter (where is_clawback), 0)
        end as clawed_back
    from standing
    group by participant_id, plan, component, origin_period
),

gone as (select * from {{ ref('int_gone_origins') }}),

waiting_amounts as (
    select
        amounts.*,
        amounts.is_settled and (amounts.participant_id, amounts.plan, amounts.component, amounts.origin_period) in (
            select (gone.participant_id, gone.plan, gone.component, gone.origin_period) from gone
        ) as is_gone,
        waiting.is_booked,
        waiting.is_clawback,
        case
            when amounts.is_settled and waiting.is_clawback then stood.clawed_back
            when amounts.is_settled then amounts.booked_amount - stood.clawed_back
            when waiting.is_clawback then coalesce(clawbacks.amount, 0)
            else amounts.computed_amount - coalesce(clawbacks.amount, 0)
        end as whole_amount
    from amounts
    inner join waiting
        on
            amounts.participant_id = waiting.participant_id
            and amounts.plan = waiting.plan
            and amounts.component = waiting.component
            and amounts.origin_period = waiting.origin_period
            and amounts.is_settled = waiting.is_booked
    left join stood
        on
            amounts.participant_id = stood.participant_id
            and amounts.plan = stood.plan
            and amounts.component = stood.component
            and amounts.origin_period = stood.origin_period
    left join clawbacks
        on
            amounts.participant_id = clawbacks.participant_id
            and amounts.plan = clawbacks.plan
            and amounts.component = clawbacks.component
            and amounts.origin_period = clawbacks.origin_period
)

select * from waiting_amounts
