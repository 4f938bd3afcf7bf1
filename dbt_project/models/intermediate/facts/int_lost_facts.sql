-- One row per scope member, period and slice: deals lost, credited to their owner on the day they were lost.
-- A lost deal without an amount counts as a deal but adds no value.
{% set measures = {'lost_amount': 'decimal(24, 6)', 'lost_count': 'bigint'} %}
{% set fields = ['product_line', 'deal_type', 'segment', 'region'] %}
with

lost_deals as (
    select *
    from {{ ref('int_deal_attributes') }}
    where
        status = 'lost'
        and exists (select 1 from {{ source('inputs', 'kpi_requests') }} where kpi in ('win_rate', 'win_rate_value'))
),

ranges as (select * from {{ ref('int_participant_ranges') }}),

fx_rates as (select * from {{ ref('int_fx_rates') }}),

slices as (
    select * from {{ ref('int_deal_slices') }} where slice in ({{ requested_slices('deals') }})
),

ranged as (
    select
        lost_deals.*,
        coalesce(ranges.range_id, 0) as range_id,
        strftime(lost_deals.lost_on, '%Y-%m') as month,
        {{ converted('lost_deals.amount', 'fx_rates.rate') }} as lost_amount
    from lost_deals
    left join ranges
        on
            lost_deals.owner_id = ranges.participant_id
            and lost_deals.lost_on between ranges.starts_on and ranges.ends_on
    left join fx_rates
        on
            lost_deals.currency = fx_rates.currency
            and lost_deals.lost_on >= fx_rates.valid_from
            and lost_deals.lost_on < fx_rates.valid_to
),

by_range as (
    select ranged.range_id, ranged.month, slices.slice, sum(ranged.lost_amount) as lost_amount, count(*) as lost_count
    from ranged
    inner join slices on {{ same_values('ranged', 'slices', fields) }}
    group by ranged.range_id, ranged.month, slices.slice
),

months as (
    {{ by_scope('by_range', ['month', 'slice'], measures) }}
),

period_sums as (
    {{ by_period('months', measures) }}
),

lost_facts as (
    {{ without_gaps('period_sums', 'deals', measures) }}
)

select * from lost_facts
