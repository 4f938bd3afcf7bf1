-- One row per hold or release that closing the open periods would book. Held: the part of what is earned or adjusted
-- that is not payable yet. Released: what was held before and is payable now, negative when a paid share falls back.
with

steps as (select * from {{ ref('int_payable_steps') }}),

amounts as (select * from {{ ref('int_origin_amounts') }}),

payable_now as (select * from {{ ref('int_payable_now') }}),

held as (
    select
        booked_period,
        origin_period,
        participant_id,
        plan,
        component,
        {{ money('payable_amount - amount') }} as amount,
        currency
    from payable_now
),

released as (
    select
        steps.period as booked_period,
        steps.origin_period,
        steps.participant_id,
        steps.plan,
        steps.component,
        case
            when steps.period = amounts.first_period
                then
                    {{ money('steps.change - amounts.paid_amount - (amounts.computed_amount - amounts.booked_amount) - coalesce(held.amount, 0)') }}
            else steps.change
        end as amount,
        amounts.currency
    from steps
    inner join amounts
        on
            steps.participant_id = amounts.participant_id
            and steps.plan = amounts.plan
            and steps.component = amounts.component
            and steps.origin_period = amounts.origin_period
    left join held
        on
            steps.period = held.booked_period
            and steps.participant_id = held.participant_id
            and steps.plan = held.plan
            and steps.component = held.component
            and steps.origin_period = held.origin_period
),

entries as (
    select *, 'hold' as kind from held
    union all
    select *, 'release' as kind from released
)

select
    booked_period,
    origin_period,
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
