-- One row per participant, open period and deduction that is due: how much of it is taken. Each takes what the total
-- payable still leaves above its floor, in the order in which plans and their components name them.
with recursive

states as (select * from {{ ref('int_deduction_states') }} where is_due and is_last_month),

open_period as (select * from {{ ref('int_open_period') }}),

before_deductions as (
    select participant_id, booked_period, currency, amount from {{ ref('int_earning_entries') }}
    union all
    select participant_id, booked_period, currency, amount from {{ ref('int_clawback_entries') }}
    union all
    select participant_id, booked_period, currency, amount from {{ ref('int_timing_entries') }}
    union all
    select participant_id, booked_period, currency, amount from {{ ref('int_deductions_given_back') }}
),

totals as (
    select participant_id, booked_period, currency, {{ money('sum(amount)') }} as amount
    from before_deductions
    group by participant_id, booked_period, currency
),

due as (
    select
        states.*,
        {{ money('coalesce(totals.amount, 0)') }} as total_amount,
        row_number() over (
            partition by states.participant_id, states.origin_period, states.currency
            order by states.plan, states.position
        ) as turn
    from states
    inner join open_period on states.origin_period >= open_period.open_period
    left join totals
        on
            states.participant_id = totals.participant_id
            and states.origin_period = totals.booked_period
            and states.currency = totals.currency
),

taken as (
    select
        participant_id, plan, component, origin_period, currency, turn,
        {{ money('total_amount') }} as left_before,
        {{ money('least(due_amount, greatest(total_amount - floor, 0))') }} as taken_amount
    from due
    where turn = 1
    union all
    select
        due.participant_id, due.plan, due.component, due.origin_period, due.currency, due.turn,
        {{ money('taken.left_before - taken.taken_amount') }} as left_before,
        {{ money('least(due.due_amount, greatest(taken.left_before - taken.taken_amount - due.floor, 0))') }}
            as taken_amount
    from taken
    inner join due
        on
            taken.participant_id = due.participant_id
            and taken.origin_period = due.origin_period
            and taken.currency = due.currency
            and due.turn = taken.turn + 1
)

select * from taken
