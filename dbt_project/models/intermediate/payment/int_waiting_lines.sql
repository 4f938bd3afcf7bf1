-- One row per deal (none in a period without deals) of an open origin period whose earnings do not all become payable by
-- its end: the share that is payable then, how much of the deal is invoiced or collected, and the next day on which more
-- is due anyway.
with

grouped as (
    select
        vesting_lines.participant_id,
        vesting_lines.plan_version_id,
        vesting_lines.component,
        vesting_lines.origin_period,
        vesting_lines.deal_id,
        vesting_lines.pay_when,
        vesting_lines.leavers,
        vesting_lines.origin_ends_on,
        min(coalesce(vesting_lines.waits_from, vesting_lines.origin_ends_on)) as waits_from
    from {{ ref('int_vesting_lines') }} as vesting_lines
    inner join {{ ref('int_open_period') }} as open_period
        on vesting_lines.origin_period >= open_period.open_period
    where not vesting_lines.is_booked and not vesting_lines.is_clawback
    group by all
),

lines as (
    select * from grouped
    qualify
        deal_id is not null
        or not bool_or(deal_id is not null) over (
            partition by participant_id, plan_version_id, component, origin_period
        )
),

instalments as (select * from {{ source('inputs', 'pay_instalments') }}),

payable_shares as (select * from {{ ref('int_payable_shares') }}),

levels as (select * from {{ ref('int_payable_levels') }}),

leavers as (
    select participant_id, max(left_on) as left_on
    from {{ ref('int_participants') }}
    where left_on is not null and ends_on = date '9999-12-31'
    group by participant_id
),

covered as (
    select
        lines.deal_id,
        lines.pay_when,
        lines.origin_period,
        arg_max(levels.share, levels.reached_on) as covered_share
    from (select distinct deal_id, pay_when, origin_period, origin_ends_on from lines) as lines
    inner join levels
        on
            lines.deal_id = levels.deal_id
            and lines.pay_when = levels.pay_when
            and lines.origin_ends_on >= levels.reached_on
    group by lines.deal_id, lines.pay_when, lines.origin_period
),

followed as (
    select
        lines.*,
        instalments.after_days,
        instalments.share as part_share,
        min(payable_shares.changes_on) filter (where payable_shares.changes_on > lines.origin_ends_on) as next_on,
        coalesce(
            arg_max(payable_shares.share, payable_shares.changes_on) filter (where payable_shares.changes_on <= lines.origin_ends_on),
            0
        ) as level
    from lines
    inner join instalments
        on lines.plan_version_id = instalments.plan_version_id and lines.component = instalments.component
    left join payable_shares
        on
            lines.deal_id = payable_shares.deal_id
            and lines.pay_when = payable_shares.pay_when
            and instalments.after_days = payable_shares.after_days
    where lines.pay_when <> 'booked' and lines.deal_id is not null
    group by all
),

parts as (
    select
        lines.*,
        case when lines.waits_from + instalments.after_days <= lines.origin_ends_on then instalments.share else 0 end
            as payable_share,
        case
            when lines.waits_from + instalments.after_days > lines.origin_ends_on
                then lines.waits_from + instalments.after_days
        end as next_on
    from lines
    inner join instalments
        on lines.plan_version_id = instalments.plan_version_id and lines.component = instalments.component
    where lines.pay_when = 'booked' or lines.deal_id is null
    union all by name
    select * exclude (after_days, part_share, level), part_share * level as payable_share
    from followed
),

summed as (
    select
        participant_id,
        plan_version_id,
        component,
        origin_period,
        deal_id,
        pay_when,
        leavers,
        origin_ends_on,
        sum(payable_share) as payable_share,
        min(next_on) as next_on
    from parts
    group by all
),

waiting_lines as (
    select
        summed.* exclude (leavers, origin_ends_on),
        coalesce(covered.covered_share, 0) as covered_share,
        summed.leavers = 'forfeit' and coalesce(leavers.left_on <= summed.origin_ends_on, false) as is_forfeited
    from summed
    left join covered
        on
            summed.deal_id = covered.deal_id
            and summed.pay_when = covered.pay_when
            and summed.origin_period = covered.origin_period
    left join leavers on summed.participant_id = leavers.participant_id
    where summed.payable_share < 1
)

select * from waiting_lines
