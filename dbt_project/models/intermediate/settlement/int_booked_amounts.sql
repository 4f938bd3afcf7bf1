-- One row per participant, plan, component and origin period: what closes so far have booked as computed pay.
with

entries as (select * from {{ source('booked', 'ledger_entries') }}),

booked as (
    select
        participant_id,
        plan,
        component,
        origin_period,
        any_value(currency) as currency,
        {{ money('sum(amount)') }} as amount
    from entries
    where kind in ('earned', 'adjustment', 'clawback', 'deduction', 'reversal')
    group by participant_id, plan, component, origin_period
)

select * from booked
