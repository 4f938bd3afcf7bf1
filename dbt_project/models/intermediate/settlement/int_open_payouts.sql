-- One row per participant, open period, plan and component: what the period would pay if it were closed today.
with

earned as (select * from {{ ref('int_earned') }}),

entries as (select * from {{ ref('int_open_entries') }}),

open_period as (select * from {{ ref('int_open_period') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

due as (
    select
        earned.participant_id,
        earned.origin_period as period,
        earned.plan,
        earned.component,
        earned.plan_version_id,
        earned.currency,
        earned.is_provisional
    from earned
    inner join months on earned.origin_period = months.month
    cross join open_period
    where months.starts_on >= open_period.starts_on
),

booked as (
    select
        participant_id,
        booked_period as period,
        plan,
        component,
        any_value(currency) as currency,
        {{ money("coalesce(sum(amount) filter (where kind = 'earned'), 0)") }} as earned,
        {{ money("coalesce(sum(amount) filter (where kind = 'adjustment'), 0)") }} as adjustment
    from entries
    group by participant_id, booked_period, plan, component
),

payouts as (
    select
        coalesce(due.participant_id, booked.participant_id) as participant_id,
        coalesce(due.period, booked.period) as period,
        coalesce(due.plan, booked.plan) as plan,
        coalesce(due.component, booked.component) as component,
        {{ money('coalesce(booked.earned, 0)') }} as earned,
        {{ money('coalesce(booked.adjustment, 0)') }} as adjustment,
        coalesce(due.currency, booked.currency) as currency,
        case when due.is_provisional then 'provisional' else 'open' end as status,
        coalesce(due.plan_version_id, '') as plan_version
    from due
    full outer join booked
        on
            due.participant_id = booked.participant_id
            and due.period = booked.period
            and due.plan = booked.plan
            and due.component = booked.component
)

select * from payouts
