{{ config(meta=local_by(
    ['participant_id', 'plan', 'component', 'origin_period'],
    ['int_shown_lines', 'int_modifier_lines', 'int_override_lines', 'int_earned'],
    {
        'int_rated_lines': [['int_windows', ['window_id']]]
    }
)) }}
-- One row per participant, plan, component and origin period whose lines do not add up to what it earned: what rounding
-- leaves. A line is shown to six places; what that leaves out is part of the rounding, so the lines add up to the payout.
with

earned as (select * from {{ ref('int_earned') }}),

lines as (
    select participant_id, plan, component, origin_period, amount from {{ ref('int_base_lines') }}
    union all
    select participant_id, plan, component, origin_period, amount from {{ ref('int_override_lines') }}
),

added_up as (
    select participant_id, plan, component, origin_period, sum(amount) as amount
    from lines
    group by participant_id, plan, component, origin_period
),

rounding_lines as (
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
)

select * from rounding_lines
