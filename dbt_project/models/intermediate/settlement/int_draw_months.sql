-- One row per participant, plan, draw and open period, for whoever is under the draw or still owes: the draw (none after
-- leaving the plan), the pay it is compared with, and by how much this changes what is owed.
with

states as (select * from {{ ref('int_draw_states') }}),

draws as (select * from {{ source('inputs', 'draws') }}),

named as ({{ components_of('draw', ['draw', 'award']) }}),

components as (select * from {{ source('inputs', 'components') }} where type = 'draw'),

months as (select * from {{ source('inputs', 'calendar_months') }}),

open_period as (select * from {{ ref('int_open_period') }}),

company as (select * from {{ source('inputs', 'run') }}),

booked as (
    select
        participant_id,
        plan,
        component,
        arg_max(currency, period) as currency,
        arg_max(balance_owed, period) as balance_owed
    from {{ source('booked', 'payouts') }}
    group by participant_id, plan, component
),

leavers as (
    select participant_id, max(left_on) as left_on
    from {{ ref('int_participants') }}
    where left_on is not null and ends_on = date '9999-12-31'
    group by participant_id
),

entries as (
    select participant_id, booked_period, plan, component, currency, amount from {{ ref('int_earning_entries') }}
    union all
    select participant_id, booked_period, plan, component, currency, amount from {{ ref('int_clawback_entries') }}
    union all
    select participant_id, booked_period, plan, component, currency, amount from {{ ref('int_timing_entries') }}
    union all
    select participant_id, booked_period, plan, component, currency, amount from {{ ref('int_deduction_entries') }}
),

newest_versions as (
    select plan, component, max(plan_version_id) as plan_version_id
    from components
    group by plan, component
),

open_months as (
    select months.*
    from months
    cross join open_period
    cross join company
    where months.starts_on >= open_period.starts_on and months.ends_on <= company.period_ends_on
),

people as (
    select participant_id, plan, component, any_value(currency) as currency from states group by all
    union
    select participant_id, plan, component, currency from booked where balance_owed > 0
),

-- The terms of the month's plan version, else the newest there are.
dated as (
    select
        people.*,
        open_months.month as period,
        open_months.starts_on,
        open_months.year,
        states.amount as draw_amount,
        coalesce(booked.balance_owed, 0) as balance_at_start,
        coalesce(states.plan_version_id, newest_versions.plan_version_id) as plan_version_id,
        leavers.left_on < open_months.starts_on as has_left
    from people
    cross join open_months
    left join states
        on
            people.participant_id = states.participant_id
            and people.plan = states.plan
            and people.component = states.component
            and open_months.month = states.period
    left join booked
        on
            people.participant_id = booked.participant_id
            and people.plan = booked.plan
            and people.component = booked.component
    left join newest_versions on people.plan = newest_versions.plan and people.component = newest_versions.component
    left join leavers on people.participant_id = leavers.participant_id
),

gross as (
    select
        dated.participant_id,
        dated.plan,
        dated.component,
        dated.period,
        {{ money('sum(entries.amount)') }} as amount
    from dated
    inner join named on dated.plan_version_id = named.plan_version_id and dated.component = named.component
    inner join entries
        on
            dated.participant_id = entries.participant_id
            and dated.period = entries.booked_period
            and named.of_plan = entries.plan
            and named.of_component = entries.component
            and dated.currency = entries.currency
    group by dated.participant_id, dated.plan, dated.component, dated.period
),

draw_months as (
    select
        dated.* exclude (draw_amount, has_left),
        dated.draw_amount is not null as is_under_draw,
        coalesce(draws.is_recoverable, true) as is_recoverable,
        coalesce(draws.is_forgiven_at_year_end, false) as is_forgiven_at_year_end,
        coalesce(dated.has_left and draws.is_charged_on_leave, false) as is_charged,
        {{ money('coalesce(dated.draw_amount, 0)') }} as draw_amount,
        {{ money('greatest(coalesce(gross.amount, 0), 0)') }} as gross_amount
    from dated
    left join draws on dated.plan_version_id = draws.plan_version_id and dated.component = draws.component
    left join gross
        on
            dated.participant_id = gross.participant_id
            and dated.plan = gross.plan
            and dated.component = gross.component
            and dated.period = gross.period
)

select * from draw_months
