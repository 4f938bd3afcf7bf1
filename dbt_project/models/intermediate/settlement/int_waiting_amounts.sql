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

-- What stands goes by the lines that were booked, all else by today's.
paired as (
    select
        amounts.*,
        waiting.is_booked,
        waiting.is_clawback,
        {{ payable_money('waiting.amount', 'currencies.minor_units', 'company.rounding') }} as amount
    from amounts
    inner join waiting
        on
            amounts.participant_id = waiting.participant_id
            and amounts.plan = waiting.plan
            and amounts.component = waiting.component
            and amounts.origin_period = waiting.origin_period
            and amounts.is_settled = waiting.is_booked
    inner join currencies on amounts.currency = currencies.currency
    cross join company
),

-- Alone, what events took is all there is: what rounding of the window leaves beside it waits with it.
taken as (
    select
        *,
        bool_and(is_clawback) over by_origin as is_alone,
        case
            when bool_and(is_clawback) over by_origin then booked_amount
            else coalesce(sum(amount) filter (where is_clawback) over by_origin, 0)
        end as stood_clawback
    from paired
    window by_origin as (partition by participant_id, plan, component, origin_period)
),

gone as (select * from {{ ref('int_gone_origins') }}),

waiting_amounts as (
    select
        taken.* exclude (amount, is_alone, stood_clawback),
        taken.is_settled and (taken.participant_id, taken.plan, taken.component, taken.origin_period) in (
            select (gone.participant_id, gone.plan, gone.component, gone.origin_period) from gone
        ) as is_gone,
        {{ money("""
            case
                when taken.is_settled and taken.is_clawback then taken.stood_clawback
                when taken.is_settled then taken.booked_amount - taken.stood_clawback
                when taken.is_alone then taken.computed_amount
                when taken.is_clawback then coalesce(clawbacks.amount, 0)
                else taken.computed_amount - coalesce(clawbacks.amount, 0)
            end
        """) }} as whole_amount
    from taken
    left join clawbacks
        on
            taken.participant_id = clawbacks.participant_id
            and taken.plan = clawbacks.plan
            and taken.component = clawbacks.component
            and taken.origin_period = clawbacks.origin_period
)

select * from waiting_amounts
