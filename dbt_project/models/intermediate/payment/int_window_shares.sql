-- One row per participant, plan, component, origin period and month in which what is payable of what belongs to no deal
-- (gate, minimum, cap, a bonus) changes: the amount, and its weight (which adds up to Σ |amount| when all is payable). It
-- follows the deals of its window so far; without any it waits from the last day of the origin period.
-- What an origin period has is its window's so far less the window's of the origin period before (is_before), so that a
-- window that has earned nothing pays nothing, whatever its months earned and took back.
with

origins as (select * from {{ ref('int_vesting_origins') }}),

windowed as (
    select
        * exclude (other_amount, before_period, before_ends_on, before_amount, before_other, window_other),
        false as is_before,
        origin_period as until_period,
        origin_ends_on as until_on,
        window_other as other_amount
    from origins
    where window_other <> 0
    union all by name
    select
        * exclude (
            other_amount, before_period, before_ends_on, before_amount, before_other, window_other, window_amount
        ),
        true as is_before,
        before_period as until_period,
        before_ends_on as until_on,
        before_amount as window_amount,
        -before_other as other_amount
    from origins
    where before_other <> 0
),

deal_changes as (select * from {{ ref('int_vesting_changes') }}),

instalments as (select * from {{ source('inputs', 'pay_instalments') }}),

leavers as (
    select participant_id, max(left_on) as left_on
    from {{ ref('int_participants') }}
    where left_on is not null and ends_on = date '9999-12-31'
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
        windowed.is_before,
        windowed.other_amount,
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
            and windowed.until_period >= deal_changes.origin_period
    where windowed.window_amount <> 0
    group by all
),

window_levels as (
    select
        * exclude (amount, window_amount),
        -- Of the exact sum: cut to six places, 3/8 of a window would be 0.3750000004.
        {{ ratio('sum(amount) over to_date', 'window_amount') }} as share
    from window_changes
    window to_date as (
        partition by
            participant_id, plan, component, plan_version_id, origin_period, is_booked, is_clawback, is_before
        order by month
        rows unbounded preceding
    )
),

share_changes as (
    select
        * exclude (share),
        share - coalesce(
            lag(share) over (
                partition by
                    participant_id, plan, component, plan_version_id, origin_period, is_booked, is_clawback, is_before
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
        windowed.is_before,
        windowed.other_amount,
        strftime(windowed.until_on + instalments.after_days, '%Y-%m') as month,
        instalments.share as change
    from windowed
    inner join instalments
        on windowed.plan_version_id = instalments.plan_version_id and windowed.component = instalments.component
    left join leavers on case when windowed.leavers = 'forfeit' then windowed.participant_id end = leavers.participant_id
    where
        windowed.window_amount = 0
        and (leavers.left_on is null or windowed.until_on + instalments.after_days <= leavers.left_on)
),

amounts as (
    select
        participant_id,
        plan,
        component,
        plan_version_id,
        origin_period,
        is_booked,
        is_clawback,
        month,
        cast(sum({{ times('other_amount', 'change') }}) as decimal(38, 16)) as amount,
        cast(sum({{ times('abs(other_amount)', 'change') }}) as decimal(38, 16)) as weight
    from share_changes
    group by all
)

select * from amounts
