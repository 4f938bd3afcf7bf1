-- One row per deduction and period under its plan: what it takes of pay, or took when the period was closed. Basis × rate
-- is what is due of a share.
with

states as (select * from {{ ref('int_deduction_states') }}),

taken as (select * from {{ ref('int_deductions_taken') }}),

booked as (select * from {{ ref('int_booked_amounts') }} where is_deduction),

given_back as (select * from {{ ref('int_deductions_given_back') }}),

lines as (
    select
        states.participant_id,
        states.plan,
        states.plan_version_id,
        states.component,
        states.origin_period,
        'period' as transaction_type,
        '' as transaction_id,
        '' as line,
        1 as slice,
        cast(null as date) as credited_on,
        case when states.share is null then states.due_amount else states.basis_amount end as basis_amount,
        cast(null as decimal(24, 6)) as tier_from,
        cast(states.share as decimal(24, 10)) as rate,
        {{ money('coalesce(-taken.taken_amount, booked.amount + coalesce(given_back.amount, 0), 0)') }} as amount,
        7 as sort_key,
        case when states.is_due then '' else 'not due: ' end || states.because
        || case
            when states.share is not null and states.period <> states.origin_period
                then ', of what ' || states.period || ' earned'
            else ''
        end as why,
        states.currency
    from states
    left join taken
        on
            states.participant_id = taken.participant_id
            and states.plan = taken.plan
            and states.component = taken.component
            and states.origin_period = taken.origin_period
    left join booked
        on
            states.participant_id = booked.participant_id
            and states.plan = booked.plan
            and states.component = booked.component
            and states.origin_period = booked.origin_period
    left join given_back
        on
            states.participant_id = given_back.participant_id
            and states.plan = given_back.plan
            and states.component = given_back.component
            and states.origin_period = given_back.origin_period
)

select * from lines
