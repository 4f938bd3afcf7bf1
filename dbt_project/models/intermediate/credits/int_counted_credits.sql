{{ config(materialized="view") }}
-- One row per credited deal line and commission component that counts it, with the rate to the plan's currency.
-- A component counts what its credit block says: the credits of those who share a deal or, without splits, the whole
-- deals of their owner.
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
)

select * from in_currency
