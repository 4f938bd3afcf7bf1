-- One row per scope member, month and slice with deals won: credited amounts add up, every deal counts once.
-- A deal credited in several rows (lines, splits) counts once for each participant and once for a team whose members
-- share it; such deals are counted apart, all others are simply added up.
{% set measures = {
    'won_amount': 'decimal(24, 6)', 'units': 'decimal(24, 6)', 'cost_amount': 'decimal(24, 6)',
    'listed_won_amount': 'decimal(24, 6)', 'list_amount': 'decimal(24, 6)', 'won_count': 'bigint',
    'listed_count': 'bigint', 'new_customer_count': 'bigint', 'cycle_days': 'bigint', 'cycle_count': 'bigint'
} %}
{% set fields = ['product_line', 'deal_type', 'segment', 'region'] %}
with

credits as (
    select
        *,
        credited_on - created_on as cycle_days,
        case when is_first_of_account and account_id is not null then 1 else 0 end as new_customer_count,
        case when list_amount is not null then company_amount end as listed_won_amount,
        case when list_amount is not null then 1 else 0 end as listed_count
    from {{ ref('int_deal_credits') }}
),

slices as (
    select * from {{ ref('int_deal_slices') }} where slice in ({{ requested_slices('deals') }})
),

several_rows as (select distinct deal_id from {{ ref('int_deal_credits') }} where share <> 1 or line <> '1'),

sliced as (
    select credits.*, slices.slice, several_rows.deal_id is not null as has_several_rows
    from credits
    inner join slices on {{ same_values('credits', 'slices', fields) }}
    left join several_rows on credits.deal_id = several_rows.deal_id
),

added_up as (
    select
        range_id,
        month,
        slice,
        sum(company_amount) as won_amount,
        sum(coalesce(units, 0)) as units,
        sum(coalesce(cost, 0)) as cost_amount,
        sum(coalesce(listed_won_amount, 0)) as listed_won_amount,
        sum(coalesce(list_amount, 0)) as list_amount,
        count(*) filter (where not has_several_rows) as won_count,
        sum(listed_count) filter (where not has_several_rows) as listed_count,
        sum(new_customer_count) filter (where not has_several_rows) as new_customer_count,
        sum(cycle_days) filter (where not has_several_rows) as cycle_days,
        count(cycle_days) filter (where not has_several_rows) as cycle_count
    from sliced
    group by range_id, month, slice
),

counted_apart as (
    select
        deal_id,
        month,
        slice,
        min(range_id) as range_id,
        max(range_id) as last_range_id,
        max(listed_count) as listed_count,
        max(new_customer_count) as new_customer_count,
        max(cycle_days) as cycle_days
    from sliced
    where has_several_rows
    group by deal_id, month, slice
),

-- Several lines of one participant are one deal for every scope; only deals shared between participants need more care.
shared_by_scope as (
    select distinct
        members.scope,
        members.scope_id,
        sliced.month,
        sliced.slice,
        sliced.deal_id,
        counted_apart.listed_count,
        counted_apart.new_customer_count,
        counted_apart.cycle_days
    from sliced
    inner join counted_apart
        on
            sliced.deal_id = counted_apart.deal_id
            and sliced.slice = counted_apart.slice
            and counted_apart.range_id <> counted_apart.last_range_id
    inner join {{ ref('int_scope_members') }} as members on sliced.range_id = members.range_id
),

by_range as (
    select * from added_up
    union all
    select
        range_id, month, slice, 0, 0, 0, 0, 0, count(*), sum(listed_count), sum(new_customer_count), sum(cycle_days),
        count(cycle_days)
    from counted_apart
    where range_id = last_range_id
    group by range_id, month, slice
),

scoped as (
    {{ by_scope('by_range', ['month', 'slice'], measures) }}
),

all_parts as (
    select * from scoped
    union all
    select
        scope, scope_id, month, slice, 0, 0, 0, 0, 0, count(*), sum(listed_count), sum(new_customer_count),
        sum(cycle_days), count(cycle_days)
    from shared_by_scope
    group by scope, scope_id, month, slice
),

deal_months as (
    select scope, scope_id, month, slice, {{ summed('all_parts', measures) }}
    from all_parts
    group by scope, scope_id, month, slice
)

select * from deal_months
