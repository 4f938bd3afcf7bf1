{{ config(materialized='view') }}
-- One row per window, month and band: which rate applies to which part of what the window has reached by that month.
with

window_months as (select * from {{ ref('int_window_months') }}),

tiers as (select * from {{ source('inputs', 'component_tiers') }}),

rate_terms as (select * from {{ ref('int_rate_terms') }}),

priced as (
    select
        window_months.window_id,
        window_months.month,
        window_months.month_starts_on,
        window_months.mode,
        window_months.quota,
        tiers.tier_no,
        coalesce(tiers.from_amount, tiers.from_ratio) as tier_from,
        least(
            case tiers.rate_of
                when 'variable_pay' then {{ rate_times('tiers.rate', 'rate_terms.variable_pay_rate') }}
                when 'base_salary' then {{ rate_times('tiers.rate', 'rate_terms.base_salary_rate') }}
                when 'target_pay' then {{ rate_times('tiers.rate', 'rate_terms.target_pay_rate') }}
                else tiers.rate
            end,
            coalesce(rate_terms.rate_at_most, 99999999)
        ) as rate,
        tiers.is_retroactive,
        case
            when window_months.rate_on = 'attainment'
                then {{ money_times('window_months.quota', 'tiers.from_ratio') }}
            else tiers.from_amount
        end as reach_from,
        case
            when window_months.rate_on = 'attainment'
                then {{ money_times('window_months.quota', 'tiers.to_ratio') }}
            else tiers.to_amount
        end as reach_to,
        window_months.reach_so_far
    from window_months
    inner join tiers
        on
            window_months.plan_version_id = tiers.plan_version_id
            and window_months.component = tiers.component
    left join rate_terms
        on window_months.window_id = rate_terms.window_id and window_months.month = rate_terms.month
    -- Without a quota there is no attainment: only the first tier can apply.
    where window_months.rate_on <> 'attainment' or window_months.quota > 0 or tiers.tier_no = 1
),

reached as (
    select
        *,
        max(case when tier_no = 1 or reach_from <= reach_so_far then tier_no end) over by_month as reached_tier,
        max(case when is_retroactive and reach_from <= reach_so_far then tier_no end) over by_month as retroactive_tier,
        max(tier_no) over by_month as last_tier
    from priced
    window by_month as (partition by window_id, month)
),

month_bands as (
    -- Each slice at its tier's rate; a retroactive tier that is reached takes over all below it.
    select
        window_id,
        month,
        month_starts_on,
        tier_no as band_no,
        tier_from,
        rate,
        case when tier_no > coalesce(retroactive_tier, 1) then reach_from end as reach_from,
        case when tier_no < last_tier then reach_to end as reach_to
    from reached
    where mode = 'marginal' and tier_no >= coalesce(retroactive_tier, 1)
    union all
    -- The whole amount at the reached tier's rate.
    select window_id, month, month_starts_on, 1 as band_no, tier_from, rate, null as reach_from, null as reach_to
    from reached
    where mode = 'whole' and tier_no = reached_tier
    union all
    -- Up to the quota at the first rate, all above it at the rate of the highest tier reached.
    select
        window_id,
        month,
        month_starts_on,
        1 as band_no,
        tier_from,
        rate,
        null as reach_from,
        case when quota > 0 then quota end as reach_to
    from reached
    where mode = 'top_rate_on_overage' and tier_no = 1
    union all
    select window_id, month, month_starts_on, 2 as band_no, tier_from, rate, quota as reach_from, null as reach_to
    from reached
    where mode = 'top_rate_on_overage' and tier_no = reached_tier and quota > 0
)

select * from month_bands
