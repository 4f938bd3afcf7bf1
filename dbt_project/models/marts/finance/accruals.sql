-- One row per participant, period, plan, component and currency with commission earned and not yet paid, or an advance not
-- yet earned: what was open before, what the period earned and paid of it, what is open after it.
with

payouts as (select * from {{ ref('payouts') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

run as (select * from {{ source('inputs', 'run') }}),

keys as (
    select participant_id, plan, component, currency, min(period) as first_period
    from payouts
    where held <> 0 or released <> 0 or drawn <> 0 or recovered <> 0 or balance_owed <> 0
    group by participant_id, plan, component, currency
),

-- Every month from the first movement on, so that a balance does not vanish with somebody who has no row any more.
filled as (
    select
        keys.participant_id,
        months.month as period,
        keys.plan,
        keys.component,
        keys.currency,
        {{ money('coalesce(payouts.earned + payouts.adjustment - payouts.clawed_back, 0)') }} as earned_amount,
        {{ money('coalesce(payouts.payable - payouts.drawn + payouts.recovered, 0)') }} as paid_amount,
        {{ money('coalesce(payouts.drawn - payouts.recovered, 0)') }} as advanced_amount
    from keys
    inner join months on keys.first_period <= months.month
    inner join run on months.starts_on <= run.period_ends_on
    left join payouts
        on
            keys.participant_id = payouts.participant_id
            and months.month = payouts.period
            and keys.plan = payouts.plan
            and keys.component = payouts.component
            and keys.currency = payouts.currency
),

running as (
    select
        *,
        {{ money('sum(earned_amount - paid_amount) over so_far') }} as closing_amount,
        {{ money('sum(advanced_amount) over so_far') }} as advance_amount
    from filled
    window so_far as (
        partition by participant_id, plan, component, currency
        order by period
        rows unbounded preceding
    )
),

accruals as (
    select
        running.participant_id,
        running.period,
        running.plan,
        running.component,
        {{ money('running.closing_amount - running.earned_amount + running.paid_amount') }} as opening_amount,
        running.earned_amount,
        running.paid_amount,
        running.closing_amount,
        running.advance_amount,
        running.currency,
        run.run_id
    from running
    cross join run
    where
        running.closing_amount <> 0
        or running.closing_amount <> running.earned_amount - running.paid_amount
        or running.advanced_amount <> 0
        or running.advance_amount <> 0
)

select * from accruals
