{{ config(meta=local_by(
    ['participant_id', 'plan', 'component', 'period'],
    ['int_draw_balances'],
    {
        'int_earned': ['participant_id', 'plan', 'component', 'origin_period'],
        'int_deduction_states': ['participant_id', 'plan', 'component', 'origin_period'],
        'int_open_entries': ['participant_id', 'plan', 'component', 'booked_period']
    }
)) }}
-- One row per participant, open period, plan and component: what the period would pay if it were closed today.
with

earned as (select * from {{ ref('int_earned') }}),

deductions as (select * from {{ ref('int_deduction_states') }}),

draws as (select * from {{ ref('int_draw_balances') }}),

entries as (select * from {{ ref('int_open_entries') }}),

open_period as (select * from {{ ref('int_open_period') }}),

rows_due as (
    select
        participant_id, origin_period as period, plan, component, plan_version_id, currency, is_provisional,
        0 as balance_owed
    from earned
    union all
    select
        participant_id, origin_period as period, plan, component, plan_version_id, currency,
        not is_last_month as is_provisional, 0 as balance_owed
    from deductions
    union all
    select
        participant_id, period, plan, component, case when is_under_draw then plan_version_id end as plan_version_id,
        currency, false as is_provisional, balance_owed
    from draws
),

due as (
    select rows_due.*
    from rows_due
    inner join open_period on rows_due.period >= open_period.open_period
),

booked as (
    select
        participant_id,
        booked_period as period,
        plan,
        component,
        any_value(currency) as currency,
        {% for kinds, name, sign in [
            ("'earned', 'deduction'", 'earned', ''),
            ("'adjustment'", 'adjustment', ''),
            ("'hold'", 'held', '-'),
            ("'release'", 'released', ''),
            ("'clawback'", 'clawed_back', '-'),
            ("'draw'", 'drawn', ''),
            ("'recovery'", 'recovered', '-'),
        ] %}
            {{ money(sign ~ "coalesce(sum(amount) filter (where kind in (" ~ kinds ~ ")), 0)") }} as {{ name }},
        {% endfor %}
        {{ money('sum(amount)') }} as payable
    from entries
    group by participant_id, booked_period, plan, component
),

payouts as (
    select
        coalesce(due.participant_id, booked.participant_id) as participant_id,
        coalesce(due.period, booked.period) as period,
        coalesce(due.plan, booked.plan) as plan,
        coalesce(due.component, booked.component) as component,
        {% for name in ['earned', 'payable', 'adjustment', 'held', 'released', 'clawed_back', 'drawn', 'recovered'] %}
            {{ money('coalesce(booked.' ~ name ~ ', 0)') }} as {{ name }},
        {% endfor %}
        {{ money('coalesce(due.balance_owed, 0)') }} as balance_owed,
        coalesce(due.currency, booked.currency) as currency,
        case when due.is_provisional then 'provisional' else 'open' end as status,
        coalesce(due.plan_version_id, '') as plan_version
    from due
    full outer join booked
        on
            due.participant_id = booked.participant_id
            and due.period = booked.period
            and due.plan = booked.plan
            and due.component = booked.component
)

select * from payouts
