-- One row per deal (or none) of an open origin period whose earnings wait: the status of its lines and why, in Chinese and
-- English.
with

waiting_lines as (select * from {{ ref('int_waiting_lines') }}),

worded as (
    select
        *,
        regexp_replace(cast(cast(covered_share * 100 as decimal(6, 2)) as varchar), '[.]?0+$', '') || ' %' as covered
    from waiting_lines
),

reasons as (
    select
        participant_id,
        plan_version_id,
        component,
        origin_period,
        coalesce(deal_id, '') as deal_id,
        case when payable_share > 0 then 'partly held' else 'held' end as status,
        case
            when is_forfeited then '离职后不再发放 / forfeited on leaving'
            when deal_id is not null and pay_when = 'collected' and covered_share < 1
                then '等待回款：该单已回款 ' || covered || ' / waits for cash: ' || covered || ' of the deal is collected'
            when deal_id is not null and pay_when = 'invoiced' and covered_share < 1
                then '等待开票：该单已开票 ' || covered || ' / waits for invoices: ' || covered || ' of the deal is invoiced'
            else
                '扣留至 ' || strftime(next_on, '%Y-%m-%d') || ' / held back until ' || strftime(next_on, '%Y-%m-%d')
        end as because
    from worded
    union all
    -- What minimum, cap and the like add or take beside deals that wait.
    select
        participant_id,
        plan_version_id,
        component,
        origin_period,
        '' as deal_id,
        case when max(payable_share) > 0 then 'partly held' else 'held' end as status,
        '随本期各单一起发放 / paid along with the deals of its period' as because
    from worded
    where deal_id is not null
    group by participant_id, plan_version_id, component, origin_period
)

select * from reasons
