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

{# A guarantee (`minimum: always`) of a type that has lines only where something is paid: an empty line for everybody under
   the plan in each month. #}
{% macro guaranteed_months(type) -%}
    select
        plan_months.participant_id,
        plan_months.plan,
        plan_months.plan_version_id,
        components.component,
        plan_months.month as window_period,
        plan_months.month as origin_period,
        cast(0 as decimal(24, 10)) as measured,
        cast(0 as decimal(38, 16)) as amount
    from {{ ref('int_plan_months') }} as plan_months
    inner join {{ source('inputs', 'components') }} as components
        on plan_months.plan_version_id = components.plan_version_id
    where components.type = '{{ type }}' and components.minimum_always
{%- endmacro %}
