-- One row per clawback that closing the open periods would book: what events take back of a deal's earnings in one
-- origin period, beyond what was taken back before. What is given back again is an adjustment.
with

clawbacks as (select * from {{ ref('int_clawbacks') }}),

amounts as (select * from {{ ref('int_origin_amounts') }} where not is_settled),

booked as (
    select participant_id, plan, component, origin_period, transaction_id, sum(amount) as amount
    from {{ source('booked', 'ledger_entries') }}
    where kind = 'clawback'
    group by participant_id, plan, component, origin_period, transaction_id
),

entries as (
    select
        amounts.first_period as booked_period,
        clawbacks.origin_period,
        clawbacks.participant_id,
        clawbacks.plan,
        clawbacks.component,
        'clawback' as kind,
        clawbacks.transaction_id,
        clawbacks.reverses_period,
        clawbacks.amount as computed_amount,
        {{ money('coalesce(booked.amount, 0)') }} as booked_amount,
        {{ money('clawbacks.amount - coalesce(booked.amount, 0)') }} as amount,
        clawbacks.currency
    from clawbacks
    inner join amounts
        on
            clawbacks.participant_id = amounts.participant_id
            and clawbacks.plan = amounts.plan
            and clawbacks.component = amounts.component
            and clawbacks.origin_period = amounts.origin_period
    left join booked
        on
            clawbacks.participant_id = booked.participant_id
            and clawbacks.plan = booked.plan
            and clawbacks.component = booked.component
            and clawbacks.origin_period = booked.origin_period
            and clawbacks.transaction_id = booked.transaction_id
    where clawbacks.amount < coalesce(booked.amount, 0)
)

select * from entries
