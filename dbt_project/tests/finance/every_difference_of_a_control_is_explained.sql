-- No control of the reconciliation leaves a difference without a reason, and pay stands in it as the payouts have it.
with

reconciliation as (select * from {{ ref('reconciliation') }}),

payouts as (
    select
        payouts.period,
        payouts.currency,
        sum(payouts.payable) as payable
    from {{ ref('payouts') }} as payouts
    inner join {{ source('inputs', 'run') }} as run on payouts.period <= run.period
    group by payouts.period, payouts.currency
)

select
    period,
    control,
    currency,
    unexplained_amount as difference
from reconciliation
where unexplained_amount <> 0
union all
select
    payouts.period,
    'payouts' as control,
    payouts.currency,
    payouts.payable - coalesce(reconciliation.right_amount, 0) as difference
from payouts
left join reconciliation
    on
        reconciliation.control = 'ledger_payroll'
        and payouts.period = reconciliation.period
        and payouts.currency = reconciliation.currency
where payouts.payable <> coalesce(reconciliation.right_amount, 0)
