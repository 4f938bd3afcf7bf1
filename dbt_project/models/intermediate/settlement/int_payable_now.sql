{{ config(meta=local_by(
    ['participant_id', 'plan', 'component', 'origin_period'],
    ['int_origin_amounts', 'int_vesting_origins', 'int_vested', 'int_earning_entries']
)) }}
-- One row per participant, plan, component and origin period that is open or has something to book: how much of the change
-- of its earnings (clawbacks apart) is payable in the first open period, at the shares that hold then.
with

amounts as (select * from {{ ref('int_origin_amounts') }}),

waiting as (select * from {{ ref('int_vesting_origins') }} where not is_clawback),

vested as (select * from {{ ref('int_vested') }} where not is_clawback),

company as (select * from {{ source('inputs', 'run') }}),

currencies as (select * from {{ source('inputs', 'currencies') }}),

-- Lines of an open period that add up to nothing (a deal, and what a cap takes) may still become payable at different
-- shares.
entries as (
    select participant_id, plan, component, origin_period, booked_period, currency, amount
    from {{ ref('int_earning_entries') }}
    union all
    select
        amounts.participant_id,
        amounts.plan,
        amounts.component,
        amounts.origin_period,
        amounts.first_period as booked_period,
        amounts.currency,
        0 as amount
    from amounts
    left join {{ ref('int_earning_entries') }} as changed
        on
            amounts.participant_id = changed.participant_id
            and amounts.plan = changed.plan
            and amounts.component = changed.component
            and amounts.origin_period = changed.origin_period
    where not amounts.is_closed and changed.participant_id is null
),

levels as (
    select
        entries.participant_id,
        entries.plan,
        entries.component,
        entries.origin_period,
        waiting.is_booked,
        coalesce(arg_max(vested.amount, vested.month), 0) as amount,
        coalesce(arg_max(vested.is_all, vested.month), false) as is_all
    from entries
    inner join waiting
        on
            entries.participant_id = waiting.participant_id
            and entries.plan = waiting.plan
            and entries.component = waiting.component
            and entries.origin_period = waiting.origin_period
    left join vested
        on
            waiting.participant_id = vested.participant_id
            and waiting.plan = vested.plan
            and waiting.component = vested.component
            and waiting.origin_period = vested.origin_period
            and waiting.is_booked = vested.is_booked
            and entries.booked_period >= vested.month
    group by all
),

compared as (
    select
        participant_id,
        plan,
        component,
        origin_period,
        coalesce(sum(amount) filter (where not is_booked), 0) as amount_now,
        sum(amount) filter (where is_booked) as amount_booked,
        bool_and(is_all) as is_all
    from levels
    group by participant_id, plan, component, origin_period
),

changes as (
    select
        entries.*,
        compared.is_all,
        cast(
            -- What was booked without waiting for anything has been paid.
            compared.amount_now
            - coalesce(compared.amount_booked, amounts.booked_amount - amounts.booked_clawback) as decimal(38, 16)
        ) as exact_change
    from entries
    inner join amounts
        on
            entries.participant_id = amounts.participant_id
            and entries.plan = amounts.plan
            and entries.component = amounts.component
            and entries.origin_period = amounts.origin_period
    left join compared
        on
            entries.participant_id = compared.participant_id
            and entries.plan = compared.plan
            and entries.component = compared.component
            and entries.origin_period = compared.origin_period
),

payable_now as (
    select
        changes.participant_id,
        changes.plan,
        changes.component,
        changes.origin_period,
        changes.booked_period,
        changes.currency,
        changes.amount,
        case
            when coalesce(changes.is_all, true) then changes.amount
            else {{ payable_money('changes.exact_change', 'currencies.minor_units', 'company.rounding') }}
        end as payable_amount
    from changes
    inner join currencies on changes.currency = currencies.currency
    cross join company
)

select * from payable_now
