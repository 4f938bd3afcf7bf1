-- One row per won deal, kind of money, waiting time in days and day on which its payable share changed: the share then
-- payable and by how much it changed. A part that waits is payable once it has been covered for that many days; what
-- falls back starts anew.
with

levels as (
    select
        *,
        min(reached_on) over (partition by deal_id, pay_when) as first_on,
        coalesce(
            lead(reached_on) over (partition by deal_id, pay_when order by reached_on), date '9999-12-31'
        ) as until_on
    from {{ ref('int_payable_levels') }}
),

waits as (
    select distinct pay_terms.pay_when, instalments.after_days
    from {{ source('inputs', 'pay_terms') }} as pay_terms
    inner join {{ source('inputs', 'pay_instalments') }} as instalments
        on
            pay_terms.plan_version_id = instalments.plan_version_id
            and pay_terms.component = instalments.component
    where pay_terms.pay_when <> 'booked'
),

candidates as (
    select levels.deal_id, levels.pay_when, levels.first_on, waits.after_days, levels.reached_on as changes_on
    from levels
    inner join waits on levels.pay_when = waits.pay_when
    where waits.after_days > 0
    union
    select
        levels.deal_id, levels.pay_when, levels.first_on, waits.after_days,
        levels.reached_on + waits.after_days as changes_on
    from levels
    inner join waits on levels.pay_when = waits.pay_when
    where waits.after_days > 0
),

waited as (
    select levels.deal_id, levels.pay_when, waits.after_days, levels.reached_on as changes_on, levels.share
    from levels
    inner join waits on levels.pay_when = waits.pay_when
    where waits.after_days = 0
    union all
    select
        candidates.deal_id,
        candidates.pay_when,
        candidates.after_days,
        candidates.changes_on,
        case
            when candidates.changes_on - candidates.after_days < any_value(candidates.first_on) then 0
            else min(levels.share)
        end as share
    from candidates
    inner join levels
        on
            candidates.deal_id = levels.deal_id
            and candidates.pay_when = levels.pay_when
            and candidates.changes_on >= levels.reached_on
            and candidates.changes_on - candidates.after_days < levels.until_on
    group by candidates.deal_id, candidates.pay_when, candidates.after_days, candidates.changes_on
),

changed as (
    select
        deal_id,
        pay_when,
        after_days,
        changes_on,
        cast(share as decimal(13, 10)) as share,
        cast(
            share - coalesce(
                lag(share) over (partition by deal_id, pay_when, after_days order by changes_on), 0
            ) as decimal(13, 10)
        ) as change
    from waited
)

select * from changed
where change <> 0
