-- One row per line of computed earnings: credit slices, bonuses, and what minimum, cap and rounding add or take.
-- Σ amount per participant, plan, component and origin period = earned, to the cent.
with

rated_lines as (select * from {{ ref('int_rated_lines') }}),

windows as (select * from {{ ref('int_windows') }}),

limit_lines as (select * from {{ ref('int_limit_lines') }}),

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
        {{ money_times('rated_lines.basis_amount', 'rated_lines.rate') }} as amount,
        case when rated_lines.basis_amount < 0 then 0 else 1 end as sort_key,
        '' as why
    from rated_lines
    inner join windows on rated_lines.window_id = windows.window_id
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
        {{ published('rated_amount') }} as amount,
        1 as sort_key,
        case
            when measured_value is null then payout_on || ' has no data: nothing is paid until it has'
            else
                'target pay × payout at ' || payout_on || ' ' || cast({{ published('measured_value') }} as varchar)
        end as why
    from bonuses
    union all
    select
        participant_id,
        plan,
        component,
        origin_period,
        transaction_type,
        '' as transaction_id,
        '' as line,
        null as credited_on,
        null as basis_amount,
        null as tier_from,
        null as rate,
        {{ published('amount') }} as amount,
        sort_key,
        why
    from limit_lines
),

-- A line is shown to six places; what that leaves out is part of the rounding, so the lines add up to the payout.
shown as (
    select lines.*
    from lines
    inner join months on lines.origin_period = months.month
),

added_up as (
    select participant_id, plan, component, origin_period, sum(amount) as amount
    from shown
    group by participant_id, plan, component, origin_period
),

rounded as (
    select * from shown
    union all
    select
        earned.participant_id,
        earned.plan,
        earned.component,
        earned.origin_period,
        'rounding' as transaction_type,
        '' as transaction_id,
        '' as line,
        null as credited_on,
        null as basis_amount,
        null as tier_from,
        null as rate,
        {{ money('earned.earned - coalesce(added_up.amount, 0)') }} as amount,
        4 as sort_key,
        'rounded once per participant, component and period' as why
    from earned
    left join added_up
        on
            earned.participant_id = added_up.participant_id
            and earned.plan = added_up.plan
            and earned.component = added_up.component
            and earned.origin_period = added_up.origin_period
    where earned.earned <> coalesce(added_up.amount, 0)
),

payable as (
    select
        rounded.*,
        earned.plan_version_id,
        earned.currency
    from rounded
    inner join earned
        on
            rounded.participant_id = earned.participant_id
            and rounded.plan = earned.plan
            and rounded.component = earned.component
            and rounded.origin_period = earned.origin_period
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
