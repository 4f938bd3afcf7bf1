-- One row per draw, and recovery of earlier draws, that closing the open periods would book.
with

balances as (select * from {{ ref('int_draw_balances') }}),

entries as (
    select period, participant_id, plan, component, 'draw' as kind, drawn as amount, currency from balances
    union all
    select
        period, participant_id, plan, component, 'recovery' as kind, {{ money('-recovered') }} as amount, currency
    from balances
)

select
    period as booked_period,
    period as origin_period,
    participant_id,
    plan,
    component,
    kind,
    '' as transaction_id,
    '' as reverses_period,
    {{ money('0') }} as computed_amount,
    {{ money('0') }} as booked_amount,
    amount,
    currency
from entries
where amount <> 0
