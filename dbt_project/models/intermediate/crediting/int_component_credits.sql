{{ config(meta=local_by(
    ['transaction_id'],
    ['int_deal_credits', 'int_finance_credits', 'int_whole_credits', 'int_rollup_credits']
)) }}
-- One row per credit and component (commission or spiff) that counts it, in the plan's currency, with the window over
-- which its tiers apply, what the rate multiplies (basis) and what picks the tier (reach).
with

-- A deal of several lines is one deal: it is counted with the last of them.
counted_deals as (
    select participant_id, plan_version_id, component, transaction_id, credit_role, max(line) as line
    from {{ ref('int_counted_credits') }}
    where measure = 'deals' or rate_on = 'deals' or type = 'spiff'
    group by participant_id, plan_version_id, component, transaction_id, credit_role
),

pieced as (
    select
        counted_credits.*,
        case
            when counted_credits.fx_rate = 1 then cast(counted_credits.credit_share as decimal(18, 10))
            else cast(counted_credits.fx_rate * counted_credits.credit_share as decimal(18, 10))
        end as factor,
        case when counted_deals.line is null then 0 else counted_credits.share end as deal_count
    from {{ ref('int_counted_credits') }} as counted_credits
    left join counted_deals
        on
            counted_credits.participant_id = counted_deals.participant_id
            and counted_credits.plan_version_id = counted_deals.plan_version_id
            and counted_credits.component = counted_deals.component
            and counted_credits.transaction_id = counted_deals.transaction_id
            and counted_credits.credit_role = counted_deals.credit_role
            and counted_credits.line = counted_deals.line
),

measured as (
    select
        participant_id,
        plan,
        plan_version_id,
        component,
        transaction_type,
        transaction_id,
        line,
        credit_role,
        credited_on,
        month,
        case accumulate
            when 'transaction' then transaction_type || ' ' || transaction_id
            when 'quarter' then quarter
            when 'year' then year
            else month
        end as window_key,
        deal_id,
        account_id,
        product_line,
        deal_type,
        share,
        {{ money_times('amount', 'factor') }} as amount,
        plan_currency as currency,
        amount as original_amount,
        currency as original_currency,
        fx_rate,
        measure,
        rate_on,
        {{ money_times('coalesce(units, 0)', 'credit_share') }} as units,
        {{ money_times('coalesce(deal_cost, 0)', 'factor') }} as cost,
        case
            when credit_share = 1 then {{ money('deal_count') }}
            else {{ money('deal_count * credit_share') }}
        end as pieces
    from pieced
),

rated_kpis as (
    select
        participant_id,
        plan,
        plan_version_id,
        component,
        'period' as transaction_type,
        '' as transaction_id,
        month as line,
        'owner' as credit_role,
        credited_on,
        month,
        case accumulate when 'quarter' then quarter when 'year' then year else month end as window_key,
        null as deal_id,
        null as account_id,
        null as product_line,
        null as deal_type,
        cast(1 as decimal(13, 10)) as share,
        {{ money(times('amount', 'fx_rate')) }} as amount,
        plan_currency as currency,
        {{ money('amount') }} as original_amount,
        currency as original_currency,
        fx_rate,
        measure,
        rate_on,
        {{ money('amount') }} as units,
        {{ money('0') }} as cost,
        {{ money('amount') }} as pieces
    from {{ ref('int_measured_kpis') }}
),

all_credits as (
    select * from measured
    union all
    select * from rated_kpis
),

credits as (
    select
        *,
        case measure
            when 'margin' then amount - cost
            when 'units' then units
            when 'deals' then pieces
            else amount
        end as basis,
        case rate_on
            when 'units' then units
            when 'deals' then pieces
            else
                case measure
                    when 'margin' then amount - cost
                    when 'units' then units
                    when 'deals' then pieces
                    else amount
                end
        end as reach
    from all_credits
)

select * from credits
