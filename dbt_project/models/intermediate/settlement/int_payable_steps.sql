{{ config(meta=local_by(
    ['participant_id', 'plan', 'component', 'origin_period'],
    ['int_origin_amounts', 'int_vesting_origins', 'int_vested', 'int_clawbacks', 'int_gone_origins']
)) }}
-- One row per participant, plan, component, origin period and open period in which what is payable of it changes: the
-- amount payable to date. The first open period has a row in any case.
with

amounts as (select * from {{ ref('int_origin_amounts') }}),

vested as (select * from {{ ref('int_vested') }}),

parts as (select * from {{ ref('int_waiting_amounts') }}),

company as (select * from {{ source('inputs', 'run') }}),

currencies as (select * from {{ source('inputs', 'currencies') }}),

levels as (
    select
        parts.participant_id,
        parts.plan,
        parts.component,
        parts.origin_period,
        parts.is_clawback,
        greatest(vested.month, parts.first_period) as period,
        any_value(parts.currency) as currency,
        any_value(parts.whole_amount) as whole_amount,
        any_value(parts.is_gone) as is_gone,
        -- Of what is gone, only what becomes payable beside it from now on is added to what was paid.
        coalesce(
            arg_max(vested.amount, vested.month) filter (where parts.is_gone and vested.month < parts.first_period), 0
        ) as paid_before,
        arg_max(vested.amount, vested.month) as amount,
        arg_max(vested.is_all, vested.month) as is_all
    from parts
    inner join vested
        on
            parts.participant_id = vested.participant_id
            and parts.plan = vested.plan
            and parts.component = vested.component
            and parts.origin_period = vested.origin_period
            and parts.is_booked = vested.is_booked
            and parts.is_clawback = vested.is_clawback
    cross join company
    where vested.month <= strftime(company.period_ends_on, '%Y-%m')
    group by
        parts.participant_id, parts.plan, parts.component, parts.origin_period, parts.is_clawback,
        greatest(vested.month, parts.first_period)
),

rounded as (
    select
        levels.* exclude (amount, paid_before),
        {{ payable_money('levels.paid_before', 'currencies.minor_units', 'company.rounding') }} as paid_before,
        case
            when levels.is_all and not levels.is_gone then levels.whole_amount
            else {{ payable_money('levels.amount', 'currencies.minor_units', 'company.rounding') }}
        end as amount
    from levels
    inner join currencies on levels.currency = currencies.currency
    cross join company
),

changes as (
    select
        participant_id,
        plan,
        component,
        origin_period,
        period,
        amount - coalesce(
            lag(amount) over (
                partition by participant_id, plan, component, origin_period, is_clawback order by period
            ),
            paid_before
        ) as change
    from rounded
    union all
    select distinct participant_id, plan, component, origin_period, first_period as period, paid_amount as change
    from parts
    where is_gone
    union all
    select participant_id, plan, component, origin_period, first_period as period, 0 as change
    from parts
    union all
    -- Whatever waits for nothing.
    select
        amounts.participant_id,
        amounts.plan,
        amounts.component,
        amounts.origin_period,
        amounts.first_period as period,
        amounts.computed_amount as change
    from amounts
    left join parts
        on
            amounts.participant_id = parts.participant_id
            and amounts.plan = parts.plan
            and amounts.component = parts.component
            and amounts.origin_period = parts.origin_period
    where parts.participant_id is null
),

steps as (
    select participant_id, plan, component, origin_period, period, {{ money('sum(change)') }} as change
    from changes
    group by participant_id, plan, component, origin_period, period
)

select
    *,
    {{ money('sum(change) over to_date') }} as payable_to_date
from steps
window to_date as (
    partition by participant_id, plan, component, origin_period order by period rows unbounded preceding
)
