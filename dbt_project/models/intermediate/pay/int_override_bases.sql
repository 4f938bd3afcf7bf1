-- One row per credit, or line earned on it, that some override is paid on: what was credited and what was earned. Where an
-- override subtracts one from the other, the two are one row. What was earned without a transaction counts on the last day
-- of its month. What events take back from the credited person is no concern of who is paid on it.
with

-- What is looked at for each component somebody is paid on: credits, earnings or the difference.
wanted as (
    select
        of_plan,
        of_component,
        bool_or(of_credit <> 0) as wants_credit,
        bool_or(of_earned <> 0) as wants_earned,
        bool_or(of_credit <> 0 and of_earned <> 0) as wants_both
    from {{ ref('int_override_rates') }}
    group by of_plan, of_component
),

credits as (select * from {{ ref('int_component_credits') }}),

base_lines as (select * from {{ ref('int_base_lines') }} where transaction_type <> 'clawback'),

plans as (select * from {{ source('inputs', 'plans') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

counted as (
    select
        credits.participant_id,
        credits.plan,
        credits.component,
        credits.month as origin_period,
        credits.transaction_type,
        credits.transaction_id,
        credits.line,
        credits.credited_on,
        credits.credited_on as managed_on,
        credits.currency,
        credits.amount as credit,
        {{ money('0') }} as earned,
        wanted.wants_both
    from credits
    inner join wanted on credits.plan = wanted.of_plan and credits.component = wanted.of_component
    where wanted.wants_credit
    union all
    select
        base_lines.participant_id,
        base_lines.plan,
        base_lines.component,
        base_lines.origin_period,
        case when base_lines.transaction_id = '' then 'period' else base_lines.transaction_type end
            as transaction_type,
        base_lines.transaction_id,
        base_lines.line,
        base_lines.credited_on,
        coalesce(base_lines.credited_on, months.ends_on) as managed_on,
        plans.currency,
        {{ money('0') }} as credit,
        {{ money('base_lines.amount') }} as earned,
        wanted.wants_both
    from base_lines
    inner join wanted on base_lines.plan = wanted.of_plan and base_lines.component = wanted.of_component
    inner join months on base_lines.origin_period = months.month
    inner join plans on base_lines.plan_version_id = plans.plan_version_id
    where wanted.wants_earned
),

bases as (
    select * exclude (wants_both)
    from counted
    where not wants_both
    union all
    select
        participant_id,
        plan,
        component,
        origin_period,
        transaction_type,
        transaction_id,
        line,
        credited_on,
        managed_on,
        any_value(currency) as currency,
        {{ money('sum(credit)') }} as credit,
        {{ money('sum(earned)') }} as earned
    from counted
    where wants_both
    group by
        participant_id, plan, component, origin_period, transaction_type, transaction_id, line, credited_on, managed_on
)

select * from bases
