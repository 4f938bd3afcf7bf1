{{ config(meta=local_by(
    ['scope', 'scope_id'],
    [
        'int_deal_facts',
        'int_deal_months',
        'int_lost_facts',
        'int_finance_facts',
        'int_survey_facts',
        'int_objective_facts',
        'int_activity_facts',
        'int_stage_facts',
        'int_cycle_medians',
        'int_targets'
    ]
)) }}
-- One row per scope member, KPI, period, slice and variant asked for: its value, NULL where there is no data. A figure that
-- was delivered ready-made stands in place of the computed one, for exactly its scope member and period.
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

catalogue as (select * from {{ source('inputs', 'kpi_catalogue') }}),

delivered as (select * from {{ ref('int_delivered_kpis') }}),

computed as (
    select measured.*, catalogue.is_of_whole_period
    from measured
    inner join catalogue on measured.kpi = catalogue.kpi
    left join delivered
        on
            measured.scope = delivered.scope
            and measured.scope_id = delivered.scope_id
            and measured.kpi = delivered.kpi
            and measured.period = delivered.period
            and measured.slice = delivered.slice
            and measured.variant = delivered.variant
    where delivered.kpi is null
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
        sample_size,
        is_of_whole_period
    from computed
    union all
    select
        scope,
        scope_id,
        kpi,
        period,
        slice,
        variant,
        cast(value as decimal(26, 10)) as value,
        {{ kpi_number('coalesce(numerator, value)') }} as numerator,
        {{ kpi_number('denominator') }} as denominator,
        cast(null as bigint) as sample_size,
        true as is_of_whole_period
    from delivered
)

select * from kpi_values
