-- A statement's lines of pay, adjustments, timing and draws add up to its totals, and these to the payouts of the person
-- and period.
with

statements as (
    select
        participant_id,
        period,
        sum(case when section in ('pay', 'adjustments', 'timing', 'draws') then amount else 0 end) as line_amount,
        sum(case when section = 'total' then amount else 0 end) as total_amount
    from {{ ref('statement_lines') }}
    group by participant_id, period
),

payouts as (
    select
        participant_id,
        period,
        sum(payable) as payable
    from {{ ref('payouts') }}
    group by participant_id, period
)

select
    coalesce(statements.participant_id, payouts.participant_id) as participant_id,
    coalesce(statements.period, payouts.period) as period,
    statements.line_amount,
    statements.total_amount,
    payouts.payable
from statements
full outer join payouts on statements.participant_id = payouts.participant_id and statements.period = payouts.period
where
    coalesce(statements.line_amount, 0) <> coalesce(payouts.payable, 0)
    or coalesce(statements.total_amount, 0) <> coalesce(payouts.payable, 0)
