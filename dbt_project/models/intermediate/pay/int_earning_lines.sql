-- One row per line of computed earnings: credit slices, bonuses, and what minimum, cap and rounding add or take.
-- Σ amount per participant, plan, component and origin period = earned, to the cent.
with

rated_lines as (select * from {{ ref('int_rated_lines') }}),

windows as (select * from {{ ref('int_windows') }}),

results as (select * from {{ ref('int_window_results') }}),

bonuses as (select * from {{ ref('int_bonuses') }} where is_last_month),

earned as (select * from {{ ref('int_earned') }}),

months as (select * from {{ source('inputs', 'calendar_months') }} where is_payable),

lines as (
    select
        windows.participant_id,
        windows.plan,
        windows.component,
        rated_lines.origin_period,
        rated_lines.transaction_type,
        rated_lines.transaction_id,
        rated_lines.line,
        rated_lines.credited_on,
        rated_lines.basis_amount,
        rated_lines.tier_from,
        rated_lines.rate,
        rated_lines.amount,
        case when rated_lines.basis_amount < 0 then 0 else 1 end as sort_key,
        '' as why
    from rated_lines
    inner join windows on rated_lines.window_id = windows.window_id
    union all
    select
        participant_id,
        plan,
        component,
        month as origin_period,
        'minimum' as transaction_type,
        '' as transaction_id,
        '' as line,
        null as credited_on,
        null as basis_amount,
        null as tier_from,
        null as rate,
        sum(minimum_change) as amount,
        2 as sort_key,
        'raised to the minimum' as why
    from results
    group by participant_id, plan, component, month
    having sum(minimum_change) <> 0
    union all
    select
        participant_id,
        plan,
        component,
        month as origin_period,
        'cap' as transaction_type,
        '' as transaction_id,
        '' as line,
        null as credited_on,
        null as basis_amount,
        null as tier_from,
        null as rate,
        sum(cap_change) as amount,
        3 as sort_key,
        'limited by the cap' as why
    from results
    group by participant_id, plan, component, month
    having sum(cap_change) <> 0
    union all
    select
        participant_id,
        plan,
        component,
        origin_period,
        'period' as transaction_type,
        '' as transaction_id,
        '' as line,
        null as credited_on,
        target_pay_prorated as basis_amount,
        null as tier_from,
        factor as rate,
        rated_amount as amount,
        1 as sort_key,
        case
            when measured_value is null then payout_on || ' has no data: nothing is paid until it has'
            else 'target pay × payout at ' || payout_on || ' '
                || cast({{ published('measured_value') }} as varchar)
        end as why
    from bonuses
    union all
    select
        participant_id,
        plan,
        component,
        origin_period,
        'minimum' as transaction_type,
        '' as transaction_id,
        '' as line,
        null as credited_on,
        null as basis_amount,
        null as tier_from,
        null as rate,
        after_minimum - rated_amount as amount,
        2 as sort_key,
        'raised to the minimum' as why
    from bonuses
    where after_minimum <> rated_amount
    union all
    select
        participant_id,
        plan,
        component,
        origin_period,
        'cap' as transaction_type,
        '' as transaction_id,
        '' as line,
        null as credited_on,
        null as basis_amount,
        null as tier_from,
        null as rate,
        after_cap - after_minimum as amount,
        3 as sort_key,
        'limited by the cap' as why
    from bonuses
    where after_cap <> after_minimum
    union all
    select
        participant_id,
        plan,
        component,
        origin_period,
        'rounding' as transaction_type,
        '' as transaction_id,
        '' as line,
        null as credited_on,
        null as basis_amount,
        null as tier_from,
        null as rate,
        earned - exact_amount as amount,
        4 as sort_key,
        'rounded once per participant, component and period' as why
    from earned
    where earned <> exact_amount
),

payable as (
    select
        lines.* exclude (amount),
        cast(lines.amount as decimal(38, 16)) as amount,
        earned.plan_version_id,
        earned.currency
    from lines
    inner join months on lines.origin_period = months.month
    inner join earned
        on
            lines.participant_id = earned.participant_id
            and lines.plan = earned.plan
            and lines.component = earned.component
            and lines.origin_period = earned.origin_period
),

sliced as (
    select
        *,
        cast(
            row_number() over (
                partition by participant_id, plan, component, origin_period, transaction_type, transaction_id, line
                order by sort_key, tier_from, rate
            ) as integer
        ) as slice
    from payable
)

select * from sliced
