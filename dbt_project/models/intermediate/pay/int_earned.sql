{{ config(meta=local_by(
    ['participant_id', 'plan', 'component', 'origin_period'],
    ['int_lines_bonus', 'int_lines_matrix', 'int_lines_spiff', 'int_lines_contest', 'int_lines_pool'],
    {
        'int_recomputed_results': ['participant_id', 'plan', 'component', 'month'],
        'int_override_results': ['participant_id', 'plan', 'component', 'month']
    }
)) }}
-- One row per participant, plan, component and origin month: what the month earned, rounded once to the minor unit.
-- A window over a quarter or year earns round(cumulative now) − round(cumulative a month before), so the parts add up.
-- Versions of a plan are rounded apart, like plans: each has windows of its own.
with

window_results as (select * from {{ ref('int_window_results') }}),

override_results as (select * from {{ ref('int_override_results') }}),

period_lines as (select * from {{ ref('int_period_lines') }} where not is_last_month),

plan_months as (select * from {{ ref('int_plan_months') }}),

components as (
    select * from {{ source('inputs', 'components') }}
    where type not in ('draw', 'deduction', 'award')
),

plans as (select * from {{ source('inputs', 'plans') }}),

currencies as (select * from {{ source('inputs', 'currencies') }}),

months as (select * from {{ source('inputs', 'calendar_months') }} where is_payable),

company as (select * from {{ source('inputs', 'run') }}),

amounts as (
    {% for results in ['window_results', 'override_results'] %}
        select
            participant_id,
            plan,
            component,
            month as origin_period,
            plan_version_id,
            after_cap as amount_now,
            before_amount as amount_before,
            false as is_provisional
        from {{ results }}
        union all
    {% endfor %}
    select
        participant_id,
        plan,
        component,
        origin_period,
        plan_version_id,
        0 as amount_now,
        0 as amount_before,
        true as is_provisional
    from period_lines
    union all
    -- Who is under a plan has a row for each of its components, also when nothing was sold.
    select
        plan_months.participant_id,
        plan_months.plan,
        components.component,
        plan_months.month as origin_period,
        plan_months.plan_version_id,
        0 as amount_now,
        0 as amount_before,
        false as is_provisional
    from plan_months
    inner join components on plan_months.plan_version_id = components.plan_version_id
),

summed as (
    select
        amounts.participant_id,
        amounts.plan,
        amounts.component,
        amounts.origin_period,
        amounts.plan_version_id,
        cast(sum(amounts.amount_now) as decimal(38, 16)) as amount_now,
        cast(sum(amounts.amount_before) as decimal(38, 16)) as amount_before,
        bool_or(amounts.is_provisional) as is_provisional
    from amounts
    inner join months on amounts.origin_period = months.month
    group by
        amounts.participant_id, amounts.plan, amounts.component, amounts.origin_period, amounts.plan_version_id
),

rounded as (
    select
        summed.*,
        plans.currency,
        {{ payable_money('summed.amount_now', 'currencies.minor_units', 'company.rounding') }} as rounded_now,
        {{ payable_money('summed.amount_before', 'currencies.minor_units', 'company.rounding') }} as rounded_before
    from summed
    inner join plans on summed.plan_version_id = plans.plan_version_id
    inner join currencies on plans.currency = currencies.currency
    cross join company
),

earned as (
    select
        participant_id,
        plan,
        component,
        origin_period,
        max(plan_version_id) as plan_version_id,
        any_value(currency) as currency,
        bool_or(is_provisional) as is_provisional,
        {{ money('sum(rounded_now - rounded_before)') }} as earned
    from rounded
    group by participant_id, plan, component, origin_period
)

select * from earned
