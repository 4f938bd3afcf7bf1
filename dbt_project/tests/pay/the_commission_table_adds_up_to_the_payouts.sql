-- Finance pays what the payouts say: per person, period and currency, and the columns of the row add up to it.
with

commission_table as (select * from {{ ref('commission_table') }}),

payouts as (
    select
        participant_id,
        period,
        currency,
        sum(payable) as payable
    from {{ ref('payouts') }}
    group by participant_id, period, currency
)

select
    coalesce(commission_table.participant_id, payouts.participant_id) as participant_id,
    coalesce(commission_table.period, payouts.period) as period,
    commission_table.payable,
    payouts.payable as paid_out
from commission_table
full outer join payouts
    on
        commission_table.participant_id = payouts.participant_id
        and commission_table.period = payouts.period
        and commission_table.currency = payouts.currency
where
    coalesce(commission_table.payable, 0) <> coalesce(payouts.payable, 0)
    or commission_table.payable <> (
        commission_table.gross_earned + commission_table.adjustments + commission_table.draws
        + commission_table.deductions
    )
