-- A closed payout is the sum of the entries its close booked, and every entry stands in a closed payout.
with

booked as (
    select
        participant_id,
        booked_period as period,
        plan,
        component,
        sum(amount) as amount
    from {{ ref('ledger') }}
    group by participant_id, booked_period, plan, component
),

payouts as (select * from {{ ref('payouts') }} where status = 'closed')

select
    coalesce(booked.participant_id, payouts.participant_id) as participant_id,
    coalesce(booked.period, payouts.period) as period,
    coalesce(booked.component, payouts.component) as component,
    booked.amount,
    payouts.payable
from booked
full outer join payouts
    on
        booked.participant_id = payouts.participant_id
        and booked.period = payouts.period
        and booked.plan = payouts.plan
        and booked.component = payouts.component
where coalesce(booked.amount, 0) <> coalesce(payouts.payable, 0)
