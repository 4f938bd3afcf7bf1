{{ config(materialized='view') }}
-- One row per participant, plan, component and origin period of which something waits, its clawbacks apart (is_clawback):
-- the amount that is payable in the end. What stands is paid by the lines it was booked with (is_booked), all else by
-- today's.
with

amounts as (select * from {{ ref('int_origin_amounts') }}),

clawbacks as (
    select participant_id, plan, component, origin_period, sum(amount) as amount
    from {{ ref('int_clawbacks') }}
    group by participant_id, plan, component, origin_period
),

waiting as (
    select distinct participant_id, plan, component, origin_period, is_booked, is_clawback
    from {{ ref('int_vesting_origins') }}
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
            when amounts.is_settled and waiting.is_clawback then amounts.booked_clawback
            when amounts.is_settled then amounts.booked_amount - amounts.booked_clawback
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
    left join clawbacks
        on
            amounts.participant_id = clawbacks.participant_id
            and amounts.plan = clawbacks.plan
            and amounts.component = clawbacks.component
            and amounts.origin_period = clawbacks.origin_period
)

select * from waiting_amounts
