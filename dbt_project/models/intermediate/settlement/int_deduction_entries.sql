-- One row per deduction that closing the open periods would book, or give back.
with

taken as (select * from {{ ref('int_deductions_taken') }}),

given_back as (select * from {{ ref('int_deductions_given_back') }}),

entries as (
    select
        origin_period as booked_period,
        origin_period,
        participant_id,
        plan,
        component,
        'deduction' as kind,
        {{ money('-taken_amount') }} as computed_amount,
        {{ money('0') }} as booked_amount,
        {{ money('-taken_amount') }} as amount,
        currency
    from taken
    union all
    select
        booked_period,
        origin_period,
        participant_id,
        plan,
        component,
        'adjustment' as kind,
        {{ money('0') }} as computed_amount,
        booked_amount,
        amount,
        currency
    from given_back
)

select
    *,
    '' as transaction_id,
    '' as reverses_period
from entries
where amount <> 0
