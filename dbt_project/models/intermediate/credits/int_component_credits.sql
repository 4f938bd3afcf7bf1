-- One row per credited deal line and commission component that counts it, in the plan's currency, with the window over
-- which its tiers apply.
-- A component counts what its credit block says: the owner's credits times `owner`; without splits the whole of the
-- deals they own.
with

deal_credits as (
    select
        transaction_type,
        transaction_id,
        line,
        participant_id,
        credit_role,
        share,
        plan_version_id,
        credited_on,
        month,
        deal_id,
        account_id,
        product_line,
        deal_type,
        segment,
        region,
        amount,
        currency,
        units,
        deal_cost,
        true as counts_with_split,
        not is_split as counts_without_split
    from {{ ref('int_deal_credits') }}
    union all
    select
        transaction_type,
        transaction_id,
        line,
        participant_id,
        credit_role,
        share,
        plan_version_id,
        credited_on,
        month,
        deal_id,
        account_id,
        product_line,
        deal_type,
        segment,
        region,
        amount,
        currency,
        units,
        deal_cost,
        false as counts_with_split,
        true as counts_without_split
    from {{ ref('int_unsplit_credits') }}
),

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
    where
        components.credit_owner > 0
        and deal_credits.credited_on <= company.period_ends_on
        and case
            when components.credit_split then deal_credits.counts_with_split
            else deal_credits.counts_without_split
        end
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

-- A deal of several lines is one deal: it is counted with the last of them.
counted_deals as (
    select participant_id, plan_version_id, component, transaction_id, credit_role, max(line) as line
    from in_currency
    where measure = 'deals' or rate_on = 'deals'
    group by participant_id, plan_version_id, component, transaction_id, credit_role
),

pieced as (
    select
        in_currency.*,
        case when counted_deals.line is null then 0 else in_currency.share end as deal_count
    from in_currency
    left join counted_deals
        on
            in_currency.participant_id = counted_deals.participant_id
            and in_currency.plan_version_id = counted_deals.plan_version_id
            and in_currency.component = counted_deals.component
            and in_currency.transaction_id = counted_deals.transaction_id
            and in_currency.credit_role = counted_deals.credit_role
            and in_currency.line = counted_deals.line
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
        {{ money(times('amount', "(fx_rate * credit_owner)")) }} as amount,
        plan_currency as currency,
        amount as original_amount,
        currency as original_currency,
        fx_rate,
        measure,
        rate_on,
        {{ money(times('coalesce(units, 0)', 'credit_owner')) }} as units,
        {{ money(times('coalesce(deal_cost, 0)', "(fx_rate * credit_owner)")) }} as cost,
        {{ money('deal_count * credit_owner') }} as pieces
    from pieced
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
