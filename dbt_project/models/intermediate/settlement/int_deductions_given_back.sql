-- One row per deduction of a closed period whose condition no longer holds: what was taken is given back in the open one.
-- Of a share of earnings that have become less, what was taken too much is given back. A deduction newly due for a closed
-- period is not taken.
with

booked as (select * from {{ ref('int_booked_amounts') }} where is_deduction and amount <> 0),

states as (select * from {{ ref('int_deduction_states') }}),

open_period as (select * from {{ ref('int_open_period') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

company as (select * from {{ source('inputs', 'run') }}),

given_back as (
    select
        open_period.open_period as booked_period,
        booked.origin_period,
        booked.participant_id,
        booked.plan,
        booked.component,
        booked.currency,
        booked.amount as booked_amount,
        {{ money('-booked.amount - coalesce(states.due_amount, 0)') }} as amount
    from booked
    inner join months on booked.origin_period = months.month
    cross join open_period
    cross join company
    left join states
        on
            booked.participant_id = states.participant_id
            and booked.plan = states.plan
            and booked.component = states.component
            and booked.origin_period = states.origin_period
            and (states.is_due or states.is_frozen)
    where
        (states.participant_id is null or (states.is_due and states.due_amount < -booked.amount and states.share is not null))
        and months.starts_on >= open_period.adjusts_from
        and months.starts_on < open_period.starts_on
        and open_period.starts_on <= company.period_ends_on
)

select * from given_back
