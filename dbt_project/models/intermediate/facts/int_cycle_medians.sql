-- One row per scope member, period and slice with deals won: the median of the days from creation to winning.
-- Deals are counted per number of days first, so that a period's median needs no list of its deals.
{% set fields = ['product_line', 'deal_type', 'segment', 'region'] %}
with

requests as (
    select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'sales_cycle' and variant = 'median'
),

members as (select * from {{ ref('int_scope_members') }}),

period_months as (select * from {{ source('inputs', 'period_months') }}),

slices as (select * from {{ ref('int_deal_slices') }} where slice in (select slice from requests)),

several_rows as (select distinct deal_id from {{ ref('int_deal_credits') }} where share <> 1 or line <> '1'),

sliced as (
    select
        credits.deal_id,
        credits.range_id,
        credits.month,
        credits.credited_on - credits.created_on as cycle_days,
        slices.slice,
        several_rows.deal_id is not null as has_several_rows
    from {{ ref('int_deal_credits') }} as credits
    inner join slices on {{ same_values('credits', 'slices', fields) }}
    left join several_rows on credits.deal_id = several_rows.deal_id
    where credits.created_on is not null and exists (select 1 from requests)
),

simple as (
    select range_id, month, slice, cycle_days, count(*) as deal_count
    from sliced
    where not has_several_rows
    group by range_id, month, slice, cycle_days
),

-- A deal of several lines or people counts once in every scope.
shared as (
    select distinct members.scope, members.scope_id, sliced.month, sliced.slice, sliced.cycle_days, sliced.deal_id
    from sliced
    inner join members on sliced.range_id = members.range_id
    where sliced.has_several_rows
),

months as (
    select members.scope, members.scope_id, simple.month, simple.slice, simple.cycle_days, simple.deal_count
    from simple
    inner join members on simple.range_id = members.range_id
    union all
    select scope, scope_id, month, slice, cycle_days, count(*) as deal_count
    from shared
    group by scope, scope_id, month, slice, cycle_days
),

spread as (
    select
        months.scope,
        months.scope_id,
        period_months.period,
        months.slice,
        months.cycle_days,
        cast(sum(months.deal_count) as bigint) as deal_count
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

-- The middle deal, or the mean of the two middle ones.
cycle_medians as (
    select
        scope,
        scope_id,
        period,
        slice,
        cast(
            min(cycle_days) filter (where 2 * reached_count >= total_count)
            + min(cycle_days) filter (where 2 * reached_count >= total_count + 1) as decimal(18, 1)
        ) * cast(0.5 as decimal(2, 1)) as median_days,
        cast(max(total_count) as bigint) as cycle_count
    from running
    group by scope, scope_id, period, slice
)

select * from cycle_medians
