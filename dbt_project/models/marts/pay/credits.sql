-- One row per participant, plan, component, transaction, line and credit role: what counts, and at which rate of exchange.
with

component_credits as (select * from {{ ref('int_component_credits') }}),

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
            when share < 1 then 'owner, split share ' || cast({{ published('share') }} as varchar)
            else 'owner of the deal'
        end as why
    from component_credits
)

select * from credits
