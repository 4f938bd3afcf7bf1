{{ config(meta=local_by(
    ['participant_id', 'plan', 'component', 'origin_period'],
    ['int_base_lines', 'int_override_lines', 'int_earned']
)) }}
-- One row per line of computed earnings: slices of credits, bonuses and the like, what modifiers add or take, and what
-- rounding leaves. Σ amount per participant, plan, component and origin period = earned, to the cent.
with

base_lines as (select * from {{ ref('int_base_lines') }}),

override_lines as (select * from {{ ref('int_override_lines') }}),

earned as (select * from {{ ref('int_earned') }}),

plans as (select * from {{ source('inputs', 'plans') }}),

lines as (
    select * from base_lines
    union all
    select * from override_lines
),

added_up as (
    select participant_id, plan, component, origin_period, sum(amount) as amount
    from lines
    group by participant_id, plan, component, origin_period
),

-- A line is shown to six places; what that leaves out is part of the rounding, so the lines add up to the payout.
rounding as (
    select
        earned.participant_id,
        earned.plan,
        earned.plan_version_id,
        earned.component,
        earned.origin_period,
        'rounding' as transaction_type,
        '' as transaction_id,
        '' as line,
        1 as slice,
        cast(null as date) as credited_on,
        {{ money('null') }} as basis_amount,
        cast(null as decimal(24, 6)) as tier_from,
        cast(null as decimal(24, 10)) as rate,
        {{ money('earned.earned - coalesce(added_up.amount, 0)') }} as amount,
        6 as sort_key,
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

complete as (
    select * from lines
    union all
    select * from rounding
),

earning_lines as (
    select complete.*, plans.currency
    from complete
    inner join plans on complete.plan_version_id = plans.plan_version_id
)

select * from earning_lines
