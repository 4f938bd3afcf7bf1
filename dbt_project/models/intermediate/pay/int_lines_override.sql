-- One row per transaction, credited participant and level of a manager's override: rate × what it is paid on, before gates
-- and limits. What was earned without a transaction is nobody's credit, so it lessens none.
with

bases as (select * from {{ ref('int_override_bases') }}),

rates as (
    select
        override_rates.*,
        plans.currency,
        'level ' || cast(override_rates.level as varchar) || ' above ' || override_rates.participant_id as why
    from {{ ref('int_override_rates') }} as override_rates
    inner join {{ source('inputs', 'plans') }} as plans on override_rates.plan_version_id = plans.plan_version_id
),

credits as (select * from {{ ref('int_component_credits') }}),

accounts as (select * from {{ ref('stg_accounts') }}),

slice_members as (select * from {{ ref('int_slice_members') }}),

fx_rates as (select * from {{ ref('int_plan_fx_rates') }}),

restrictions as (select distinct slice, of_plan, of_component from rates where slice <> 'all'),

-- The transactions that fall into the slice of a restricted override.
admitted as (
    select distinct
        restrictions.slice,
        credits.plan,
        credits.component,
        credits.transaction_type,
        credits.transaction_id,
        credits.line
    from credits
    inner join restrictions on credits.plan = restrictions.of_plan and credits.component = restrictions.of_component
    left join accounts on credits.account_id = accounts.account_id
    inner join slice_members
        on
            restrictions.slice = slice_members.slice
            and credits.product_line is not distinct from slice_members.product_line
            and credits.deal_type is not distinct from slice_members.deal_type
            and accounts.segment is not distinct from slice_members.segment
            and accounts.region is not distinct from slice_members.region
),

paid_on as (
    select
        rates.manager_id as participant_id,
        rates.plan,
        rates.plan_version_id,
        rates.component,
        rates.rate,
        rates.why,
        bases.origin_period,
        bases.transaction_type,
        bases.transaction_id,
        bases.line,
        bases.credited_on,
        case when bases.currency = rates.currency then 1 else coalesce(fx_rates.rate, 0) end as fx_rate,
        case
            when rates.of_credit = 1 and rates.of_earned = 0 then bases.credit
            when rates.of_credit = -rates.of_earned
                then {{ money_times('(bases.credit - bases.earned)', 'rates.of_credit') }}
            else {{ money('bases.credit * rates.of_credit + bases.earned * rates.of_earned') }}
        end as amount
    from bases
    inner join rates
        on
            bases.participant_id = rates.participant_id
            and bases.plan = rates.of_plan
            and bases.component = rates.of_component
            and bases.managed_on between rates.starts_on and rates.ends_on
    left join admitted
        on
            rates.slice = admitted.slice
            and bases.plan = admitted.plan
            and bases.component = admitted.component
            and bases.transaction_type = admitted.transaction_type
            and bases.transaction_id = admitted.transaction_id
            and bases.line = admitted.line
    left join fx_rates
        on
            rates.plan_version_id = fx_rates.plan_version_id
            and bases.currency = fx_rates.currency
            and bases.managed_on >= fx_rates.valid_from
            and bases.managed_on < fx_rates.valid_to
    where
        (rates.slice = 'all' or admitted.slice is not null)
        and (rates.base = 'earnings' or bases.transaction_id <> '')
),

in_currency as (
    select * exclude (amount, fx_rate), {{ money_times('amount', 'fx_rate') }} as amount
    from paid_on
    where amount <> 0
),

lines as (
    select
        participant_id,
        plan,
        plan_version_id,
        component,
        origin_period as window_period,
        origin_period,
        true as is_last_month,
        transaction_type,
        transaction_id,
        line,
        credited_on,
        case when transaction_type = 'deal' then transaction_id end as deal_id,
        cast(null as decimal(24, 10)) as tier_from,
        amount as basis_amount,
        cast(rate as decimal(24, 10)) as rate,
        cast(amount as decimal(24, 10)) as measured,
        {{ times('amount', 'rate') }} as amount,
        why
    from in_currency
    where amount <> 0
)

select * from lines
