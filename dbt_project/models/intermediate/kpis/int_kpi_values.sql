{{ config(meta={'local': {'by': ['scope', 'scope_id'], 'rests_on': {
    'int_deal_facts': ['scope', 'scope_id'],
    'int_deal_months': ['scope', 'scope_id'],
    'int_lost_facts': ['scope', 'scope_id'],
    'int_finance_facts': ['scope', 'scope_id'],
    'int_survey_facts': ['scope', 'scope_id'],
    'int_objective_facts': ['scope', 'scope_id'],
    'int_activity_facts': ['scope', 'scope_id'],
    'int_stage_facts': ['scope', 'scope_id'],
    'int_cycle_medians': ['scope', 'scope_id'],
    'int_targets': ['scope', 'scope_id']
}}}) }}
-- One row per scope member, KPI, period, slice and variant asked for: its value, NULL where there is no data.
{% set kpis = [
    'activities', 'average_deal_size', 'billings', 'bookings', 'bookings_growth', 'collection_rate', 'collections',
    'contract_count', 'csat', 'discount_rate', 'dso', 'gross_margin', 'kra', 'margin', 'mbo', 'new_customers', 'nps',
    'objectives', 'quota_attainment', 'sales_cycle', 'stage_conversion', 'units', 'win_rate', 'win_rate_value'
] %}
with

measured as (
    {% for kpi in kpis %}
        select
            '{{ kpi }}' as kpi,
            scope,
            scope_id,
            period,
            slice,
            variant,
            numerator,
            denominator,
            cast(sample_size as bigint) as sample_size
        from {{ ref('int_kpi_' ~ kpi) }}
        {{ "union all" if not loop.last }}
    {% endfor %}
),

kpi_values as (
    select
        scope,
        scope_id,
        kpi,
        period,
        slice,
        variant,
        case
            -- Counts and sums have no denominator; a ratio over 0 has no value.
            when denominator is null then numerator
            else {{ quick_ratio('numerator', 'denominator') }}
        end as value,
        numerator,
        denominator,
        sample_size
    from measured
)

select * from kpi_values
