-- One row per earning line of a component that does not pay at once and deal it becomes payable with (none: its window's
-- deals), with the day from which its waiting time counts. What multiplier, gate, minimum and cap make of a single
-- transaction belongs to that transaction; of several deals on one invoice, to each by what it earned.
with

lines as (
    select *, transaction_type = 'clawback' as is_clawback, true as is_in_window, cast(null as date) as earned_on
    from {{ ref('int_earning_lines') }}
    where transaction_type <> 'rounding'
    union all by name
    select *, true as is_clawback, false as is_in_window from {{ ref('int_clawback_lines') }}
    where transaction_type <> 'rounding'
),

lost_credits as (
    select distinct participant_id, plan_version_id, component, transaction_id, line, earned_on
    from {{ ref('int_lost_credits') }}
),

pay_terms as (select * from {{ source('inputs', 'pay_terms') }}),

components as (select * from {{ source('inputs', 'components') }}),

dated as (
    select
        lines.participant_id,
        lines.plan,
        lines.component,
        lines.plan_version_id,
        lines.origin_period,
        {{ deal_of_line('lines') }} as deal_id,
        case
            when lines.transaction_type = 'clawback' then coalesce(lines.earned_on, lost_credits.earned_on)
            when lines.transaction_id <> '' then lines.credited_on
        end as waits_from,
        lines.is_clawback,
        case
            when components.accumulate = 'transaction' and lines.is_in_window then {{ transaction_window_of('lines') }}
        end as window_key,
        lines.amount
    from lines
    inner join pay_terms
        on lines.plan_version_id = pay_terms.plan_version_id and lines.component = pay_terms.component
    inner join components
        on lines.plan_version_id = components.plan_version_id and lines.component = components.component
    left join lost_credits
        on
            case when lines.transaction_type = 'clawback' then lines.transaction_id end = lost_credits.transaction_id
            and lines.line = lost_credits.line
            and lines.participant_id = lost_credits.participant_id
            and lines.plan_version_id = lost_credits.plan_version_id
            and lines.component = lost_credits.component
),

deals_of_windows as (
    select
        participant_id,
        plan_version_id,
        component,
        window_key,
        deal_id,
        waits_from,
        {{ money('sum(amount)') }} as amount
    from dated
    where window_key is not null and deal_id is not null
    group by participant_id, plan_version_id, component, window_key, deal_id, waits_from
),

weighed as (
    select
        *,
        {{ money('sum(amount) over by_window') }} as window_amount,
        row_number() over (by_window order by deal_id, waits_from) as precedence
    from deals_of_windows
    window by_window as (partition by participant_id, plan_version_id, component, window_key)
),

modifiers as (
    select participant_id, plan, component, plan_version_id, origin_period, window_key, {{ money('sum(amount)') }} as amount
    from dated
    where window_key is not null and deal_id is null
    group by participant_id, plan, component, plan_version_id, origin_period, window_key
),

parts as (
    select
        modifiers.*,
        weighed.deal_id,
        weighed.waits_from,
        coalesce(weighed.precedence, 1) as precedence,
        case
            when weighed.precedence > 1 and weighed.window_amount <> 0
                then {{ money_times('modifiers.amount', ratio('weighed.amount', 'weighed.window_amount')) }}
            else {{ money('0') }}
        end as part
    from modifiers
    left join weighed
        on
            modifiers.participant_id = weighed.participant_id
            and modifiers.plan_version_id = weighed.plan_version_id
            and modifiers.component = weighed.component
            and modifiers.window_key = weighed.window_key
),

-- The first deal takes what the others leave.
shared as (
    select
        * exclude (amount, part, precedence, window_key),
        false as is_clawback,
        case
            when precedence = 1
                then {{ money('amount - sum(part) over (partition by participant_id, plan_version_id, component, window_key)') }}
            else part
        end as amount
    from parts
),

timed_lines as (
    select * exclude (window_key) from dated
    where window_key is null or deal_id is not null
    union all by name
    select * from shared
)

select * from timed_lines
