-- One row per participant, plan, component and origin period: what closes so far have booked of it as computed pay
-- (amount), what of it
-- events took back (clawed_back), and how much became payable (paid_amount).
with

entries as (
    select * from {{ source('booked', 'ledger_entries') }}
    where kind not in ('draw', 'recovery')
),

booked as (
    select
        participant_id,
        plan,
        component,
        origin_period,
        any_value(currency) as currency,
        {{ money("coalesce(sum(amount) filter (where kind not in ('hold', 'release')), 0)") }} as amount,
        {{ money("coalesce(sum(amount) filter (where kind = 'clawback'), 0)") }} as clawed_back,
        {{ money('sum(amount)') }} as paid_amount,
        bool_or(kind = 'deduction') as is_deduction
    from entries
    group by participant_id, plan, component, origin_period
)

select * from booked
