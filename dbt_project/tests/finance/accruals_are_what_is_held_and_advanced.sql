-- What is accrued for a person is what was held and not released; what is advanced, what was drawn and not recovered.
with

held as (
    select
        payouts.participant_id,
        sum(payouts.held - payouts.released) as closing_amount,
        sum(payouts.drawn - payouts.recovered) as advance_amount
    from {{ ref('payouts') }} as payouts
    inner join {{ source('inputs', 'run') }} as run on payouts.period <= run.period
    group by payouts.participant_id
),

accrued as (
    select
        accruals.participant_id,
        sum(accruals.closing_amount) as closing_amount,
        sum(accruals.advance_amount) as advance_amount
    from {{ ref('accruals') }} as accruals
    inner join {{ source('inputs', 'run') }} as run on accruals.period = run.period
    group by accruals.participant_id
)

select
    held.*,
    accrued.closing_amount as accrued_amount
from held
left join accrued on held.participant_id = accrued.participant_id
where
    held.closing_amount <> coalesce(accrued.closing_amount, 0)
    or held.advance_amount <> coalesce(accrued.advance_amount, 0)
