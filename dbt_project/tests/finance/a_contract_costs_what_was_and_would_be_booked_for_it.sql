-- The costs added along the schedules are the cost entries, booked and open.
with

entries as (
    select
        deal_id,
        amount
    from {{ source('booked', 'cost_entries') }}
    union all
    select
        deal_id,
        amount
    from {{ ref('cost_entries') }}
),

booked as (
    select
        deal_id,
        sum(amount) as amount
    from entries
    group by deal_id
),

spread as (
    select
        deal_id,
        sum(added) as added,
        sum(amortised) as amortised
    from {{ ref('amortisation') }}
    group by deal_id
)

select
    coalesce(booked.deal_id, spread.deal_id) as deal_id,
    booked.amount,
    spread.added,
    spread.amortised
from booked
full outer join spread on booked.deal_id = spread.deal_id
where
    coalesce(booked.amount, 0) <> coalesce(spread.added, 0)
    or coalesce(booked.amount, 0) <> coalesce(spread.amortised, 0)
