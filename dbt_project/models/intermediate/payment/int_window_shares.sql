-- One row per participant, plan, component, origin period and month in which the payable share of what belongs to no deal
-- (minimum, cap, a bonus) changes. It follows the deals of its window so far; without any it waits from the last day of
-- the origin period.
with

windowed as (select * from {{ ref('int_vesting_origins') }} where other_amount <> 0),

deal_changes as (select * from {{ ref('int_vesting_changes') }}),

instalments as (select * from {{ source('inputs', 'pay_instalments') }}),

leavers as (
    select participant_id, max(left_on) as left_on
    from {{ ref('int_participants') }}
    where left_on is not null
    group by participant_id
),

window_changes as (
    select
        windowed.participant_id,
        windowed.plan,
        windowed.component,
        windowed.plan_version_id,
        windowed.origin_period,
        windowed.is_booked,
        windowed.is_clawback,
        deal_changes.month,
        any_value(windowed.window_amount) as window_amount,
        sum(deal_changes.amount) as amount
    from windowed
    inner join deal_changes
        on
            windowed.participant_id = deal_changes.participant_id
            and windowed.plan = deal_changes.plan
            and windowed.component = deal_changes.component
            and windowed.plan_version_id = deal_changes.plan_version_id
            and windowed.window_period = deal_changes.window_period
            and windowed.is_booked = deal_changes.is_booked
            and windowed.is_clawback = deal_changes.is_clawback
            and windowed.origin_period >= deal_changes.origin_period
    where windowed.window_amount <> 0
    group by all
),

window_levels as (
    select
        * exclude (amount, window_amount),
        cast(
            greatest(0, least(1, {{ ratio(money('sum(amount) over to_date'), 'window_amount') }})) as decimal(13, 10)
        ) as share
    from window_changes
    window to_date as (
        partition by participant_id, plan, component, plan_version_id, origin_period, is_booked, is_clawback
        order by month
        rows unbounded preceding
    )
),

share_changes as (
    select
        * exclude (share),
        share - coalesce(
            lag(share) over (
                partition by participant_id, plan, component, plan_version_id, origin_period, is_booked, is_clawback
                order by month
            ),
            0
        ) as change
    from window_levels
    union all
    select
        windowed.participant_id,
        windowed.plan,
        windowed.component,
        windowed.plan_version_id,
        windowed.origin_period,
        windowed.is_booked,
        windowed.is_clawback,
        strftime(windowed.origin_ends_on + instalments.after_days, '%Y-%m') as month,
        instalments.share as change
    from windowed
    inner join instalments
        on windowed.plan_version_id = instalments.plan_version_id and windowed.component = instalments.component
    left join leavers on windowed.leavers = 'forfeit' and windowed.participant_id = leavers.participant_id
    where
        windowed.window_amount = 0
        and (leavers.left_on is null or windowed.origin_ends_on + instalments.after_days <= leavers.left_on)
)

select * from share_changes
