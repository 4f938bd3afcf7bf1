-- One row per participant, plan, component, origin period and month in which what is payable of it changes: the amount
-- payable to date, exact, and whether that is all of it. Clawbacks (is_clawback) and booked lines (is_booked) apart.
with

origins as (select * from {{ ref('int_vesting_origins') }}),

deal_changes as (select * from {{ ref('int_vesting_changes') }}),

other_changes as (select * from {{ ref('int_window_shares') }}),

changes as (
    select
        participant_id, plan, component, plan_version_id, origin_period, is_booked, is_clawback, month,
        amount, weight
    from deal_changes
    union all
    select
        participant_id, plan, component, plan_version_id, origin_period, is_booked, is_clawback, month,
        amount, weight
    from other_changes
),

monthly as (
    select
        changes.participant_id,
        changes.plan,
        changes.component,
        changes.plan_version_id,
        changes.origin_period,
        changes.is_booked,
        changes.is_clawback,
        changes.month,
        any_value(origins.deal_weight + abs(origins.window_other) + abs(origins.before_other)) as whole_weight,
        sum(changes.amount) as amount,
        sum(changes.weight) as weight
    from changes
    inner join origins
        on
            changes.participant_id = origins.participant_id
            and changes.plan = origins.plan
            and changes.component = origins.component
            and changes.plan_version_id = origins.plan_version_id
            and changes.origin_period = origins.origin_period
            and changes.is_booked = origins.is_booked
            and changes.is_clawback = origins.is_clawback
    group by all
),

vested as (
    select
        participant_id,
        plan,
        component,
        origin_period,
        is_booked,
        is_clawback,
        month,
        cast(sum(amount) over to_date as decimal(38, 16)) as amount,
        sum(weight) over to_date = whole_weight as is_all
    from monthly
    window to_date as (
        partition by participant_id, plan, component, plan_version_id, origin_period, is_booked, is_clawback
        order by month
        rows unbounded preceding
    )
)

select * from vested
