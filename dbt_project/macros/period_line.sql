{# The columns with which every line without a transaction begins; a row of int_component_periods must be in scope. #}
{% macro period_line() -%}
    participant_id,
        plan,
        plan_version_id,
        component,
        period as window_period,
        origin_period,
        is_last_month,
        'period' as transaction_type,
        '' as transaction_id,
        '' as line,
        cast(null as date) as credited_on,
        cast(null as varchar) as deal_id,
        cast(null as decimal(24, 10)) as tier_from,
{%- endmacro %}

{# A number of ten places as a whole number of its last place. #}
{% macro whole(number) -%}
    cast(cast({{ number }} as decimal(27, 10)) * 10000000000 as hugeint)
{%- endmacro %}
