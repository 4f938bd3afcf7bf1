-- One row per scope member, period and slice with deals won: the median of the days from creation to winning.
-- Deals are counted per number of days first, so that a period's median needs no list of its deals.
{% set fields = ['product_line', 'deal_type', 'segment', 'region'] %}
with

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'sales_cycle' and variant = 'median'),

members as (select * from {{ ref('int_scope_members') }}),

period_months as (select * from {{ source('inputs', 'period_months') }}),

credits as (
    select *, credited_on - created_on as cycle_days
    from {{ ref('int_deal_credits') }}
    where created_on is not null and exists (select 1 from requests)
),

matches as ({{ slice_matches('credits', fields, 'deals') }}),

sliced as (
    select distinct credits.deal_id, credits.range_id, credits.month, credits.cycle_days, matches.slice
    from credits
    inner join matches on {{ same_values('credits', 'matches', fields) }}
    inner join requests on matches.slice = requests.slice
),

months as (
    select
        members.scope,
        members.scope_id,
        sliced.month,
        sliced.slice,
        sliced.cycle_days,
        count(distinct sliced.deal_id) as deal_count
    from sliced
    inner join members on sliced.range_id = members.range_id
    group by members.scope, members.scope_id, sliced.month, sliced.slice, sliced.cycle_days
),

spread as (
    select
        months.scope,
        months.scope_id,
        period_months.period,
        months.slice,
        months.cycle_days,
        sum(months.deal_count) as deal_count
    from months
    inner join period_months on months.month = period_months.month
    group by months.scope, months.scope_id, period_months.period, months.slice, months.cycle_days
),

running as (
    select
        *,
        sum(deal_count) over (
            partition by scope, scope_id, period, slice order by cycle_days rows unbounded preceding
        ) as reached_count,
        sum(deal_count) over (partition by scope, scope_id, period, slice) as total_count
    from spread
),

-- The middle deal, or the two middle ones.
cycle_medians as (
    select
        scope,
        scope_id,
        period,
        slice,
        cast(min(cycle_days) filter (where 2 * reached_count >= total_count) as decimal(26, 10)) * cast(0.5 as decimal(2, 1))
        + cast(min(cycle_days) filter (where 2 * reached_count >= total_count + 1) as decimal(26, 10)) * cast(0.5 as decimal(2, 1))
            as median_days,
        cast(max(total_count) as bigint) as cycle_count
    from running
    group by scope, scope_id, period, slice
)

select * from cycle_medians
