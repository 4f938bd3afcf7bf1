{{ config(meta=local_by(['scope', 'scope_id'], ['int_deal_months'])) }}
-- One row per scope member, period and slice: what was won; 0 where nothing was.
{% set measures = {
    'won_amount': 'decimal(24, 6)', 'units': 'decimal(24, 6)', 'cost_amount': 'decimal(24, 6)',
    'listed_won_amount': 'decimal(24, 6)', 'list_amount': 'decimal(24, 6)', 'won_count': 'bigint',
    'listed_count': 'bigint', 'new_customer_count': 'bigint', 'cycle_days': 'bigint', 'cycle_count': 'bigint'
} %}
with

months as (select * from {{ ref('int_deal_months') }}),

period_sums as (
    {{ by_period('months', measures) }}
),

deal_facts as (
    {{ without_gaps('period_sums', 'deals', measures) }}
)

select * from deal_facts
