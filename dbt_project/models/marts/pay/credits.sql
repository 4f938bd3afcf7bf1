{{ config(meta=local_by(['transaction_id'], ['int_component_credits', 'int_lost_credits'])) }}
-- One row per participant, plan, component, transaction, line and credit role: what counts, and at which rate of exchange.
with

component_credits as (select * from {{ ref('int_rated_credits') }}),

run as (select run_id from {{ source('inputs', 'run') }}),

credits as (
    select
        participant_id,
        plan,
        component,
        transaction_type,
        transaction_id,
        line,
        credit_role,
        month as period,
        credited_on,
        deal_id,
        account_id,
        amount,
        currency,
        original_amount,
        original_currency,
        {{ published('fx_rate') }} as fx_rate,
        product_line,
        deal_type,
        case
            when transaction_type = 'clawback' then 'taken back at the current rate'
            when credit_role = 'rollup' then 'deal of somebody below, as of its date'
            when credit_role <> 'owner' then 'named on the deal as ' || credit_role
            when transaction_type = 'period' then 'value of ' || measure || ' in the month'
            when share < 1 then 'owner, split share ' || cast({{ published('share') }} as varchar)
            when transaction_type <> 'deal' then 'owner of the deal or account'
            else 'owner of the deal'
        end as why,
        run.run_id
    from component_credits
    cross join run
)

select * from credits
