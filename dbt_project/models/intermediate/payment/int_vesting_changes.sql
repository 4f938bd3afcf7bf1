-- One row per participant, plan, component, origin period and month in which parts of its deals become payable or fall
-- back: the amount by which what is payable changes, and its weight (which adds up to Σ |amount| when all is payable).
-- Who has left and forfeits what is not payable yet gets no further part; what falls back still does.
with

lines as (select * from {{ ref('int_vesting_lines') }} where deal_id is not null),

instalments as (select * from {{ source('inputs', 'pay_instalments') }}),

payable_shares as (select * from {{ ref('int_payable_shares') }}),

leavers as (
    select participant_id, max(left_on) as left_on
    from {{ ref('int_participants') }}
    where left_on is not null and ends_on = date '9999-12-31'
    group by participant_id
),

waiting as (
    select
        lines.*,
        instalments.after_days,
        instalments.share as part_share,
        case when lines.leavers = 'forfeit' then leavers.left_on end as forfeits_after
    from lines
    inner join instalments
        on lines.plan_version_id = instalments.plan_version_id and lines.component = instalments.component
    left join leavers on lines.participant_id = leavers.participant_id
),

-- From the day the money was invoiced or came in.
followed as (
    select
        waiting.*,
        payable_shares.changes_on,
        payable_shares.share,
        payable_shares.share - payable_shares.change as share_before
    from waiting
    inner join payable_shares
        on
            waiting.deal_id = payable_shares.deal_id
            and waiting.pay_when = payable_shares.pay_when
            and waiting.after_days = payable_shares.after_days
),

left_behind as (
    select
        *,
        coalesce(
            arg_max(share, changes_on) filter (where changes_on <= forfeits_after) over by_line, 0
        ) as share_when_left
    from followed
    where forfeits_after is not null
    window by_line as (
        partition by
            participant_id, plan_version_id, component, origin_period, deal_id, waits_from, is_booked, is_clawback,
            after_days
    )
),

kept as (
    select * from followed
    where forfeits_after is null
    union all by name
    select
        * exclude (share_when_left, share, share_before),
        case when changes_on <= forfeits_after then share else least(share, share_when_left) end as share,
        case when changes_on <= forfeits_after then share_before else least(share_before, share_when_left) end
            as share_before
    from left_behind
),

changes as (
    -- From the day of the transaction.
    select
        * exclude (after_days, part_share, forfeits_after),
        waits_from + after_days as changes_on,
        cast(part_share as decimal(18, 10)) as change
    from waiting
    where pay_when = 'booked' and (forfeits_after is null or waits_from + after_days <= forfeits_after)
    union all by name
    select
        * exclude (after_days, part_share, forfeits_after, share, share_before),
        cast(part_share * share as decimal(18, 10)) - cast(part_share * share_before as decimal(18, 10)) as change
    from kept
),

summed as (
    select
        participant_id,
        plan,
        component,
        plan_version_id,
        origin_period,
        window_period,
        is_booked,
        is_clawback,
        strftime(changes_on, '%Y-%m') as month,
        cast(sum({{ times('amount', 'change') }}) as decimal(38, 16)) as amount,
        cast(sum({{ times('abs(amount)', 'change') }}) as decimal(38, 16)) as weight
    from changes
    group by all
)

select * from summed
