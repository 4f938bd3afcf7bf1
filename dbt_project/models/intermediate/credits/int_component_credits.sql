-- One row per credited deal line and commission component that counts it, in the plan's currency, with the window over
-- which its tiers apply.
-- A component counts what its credit block says: the owner's credits times `owner`; without splits the whole of the
-- deals they own.
with

deal_credits as (select * from {{ ref('int_deal_credits') }}),

components as (select * from {{ source('inputs', 'components') }} where type = 'commission'),

plans as (select * from {{ source('inputs', 'plans') }}),

slice_members as (select * from {{ ref('int_slice_members') }}),

fx_rates as (select * from {{ ref('int_fx_rates') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

company as (select * from {{ source('inputs', 'run') }}),

counted as (
    select
        deal_credits.*,
        components.plan,
        components.component,
        components.measure,
        components.rate_on,
        components.accumulate,
        components.credit_owner,
        components.credit_split,
        plans.currency as plan_currency,
        months.quarter,
        months.year
    from deal_credits
    inner join months on deal_credits.month = months.month
    cross join company
    inner join components on deal_credits.plan_version_id = components.plan_version_id
    inner join plans on components.plan_version_id = plans.plan_version_id
    inner join slice_members
        on
            components.slice = slice_members.slice
            and deal_credits.product_line is not distinct from slice_members.product_line
            and deal_credits.deal_type is not distinct from slice_members.deal_type
            and deal_credits.segment is not distinct from slice_members.segment
            and deal_credits.region is not distinct from slice_members.region
    where components.credit_owner > 0 and deal_credits.credited_on <= company.period_ends_on
),

in_currency as (
    select
        counted.*,
        case
            when counted.currency = counted.plan_currency then cast(1 as decimal(18, 10))
            else {{ ratio('from_rates.rate', 'to_rates.rate') }}
        end as fx_rate
    from counted
    left join fx_rates as from_rates
        on
            counted.currency <> counted.plan_currency
            and counted.currency = from_rates.currency
            and counted.credited_on >= from_rates.valid_from
            and counted.credited_on < from_rates.valid_to
    left join fx_rates as to_rates
        on
            counted.currency <> counted.plan_currency
            and counted.plan_currency = to_rates.currency
            and counted.credited_on >= to_rates.valid_from
            and counted.credited_on < to_rates.valid_to
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
            when 'transaction' then transaction_id || '|' || line || '|' || credit_role
            when 'quarter' then quarter
            when 'year' then year
            else month
        end as window_key,
        deal_id,
        account_id,
        product_line,
        deal_type,
        share,
        {{ money(times('amount', "(fx_rate * credit_owner)")) }} as amount,
        plan_currency as currency,
        amount as original_amount,
        currency as original_currency,
        fx_rate,
        measure,
        rate_on,
        {{ money(times('coalesce(units, 0)', 'credit_owner')) }} as units,
        {{ money(times('coalesce(deal_cost, 0)', "(fx_rate * credit_owner)")) }} as cost,
        {{ money('share * credit_owner') }} as pieces
    from in_currency
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
    from measured
)

select * from credits
