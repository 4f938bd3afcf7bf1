{# A limit in money, prorated: an amount, or a share of the component's target pay, of salary or of variable pay. The
   columns target_pay_amount, base_salary and variable_pay (both yearly) must be in scope. #}
{% macro prorated_limit(amount, of, share, service_units, months) -%}
    case
        when {{ of }} is null then {{ prorated(amount, service_units, months) }}
        when {{ of }} = 'target_pay' then {{ prorated(times('target_pay_amount', share), service_units, months) }}
        when {{ of }} = 'base_salary' then {{ prorated(times('base_salary', share), service_units, '12') }}
        else {{ prorated(times('variable_pay', share), service_units, '12') }}
    end
{%- endmacro %}

{# A component's target pay, prorated: an amount, or a share of the yearly base_salary or variable_pay. The columns
   target_pay_amount, target_pay_of, target_pay_share, base_salary and variable_pay must be in scope. #}
{% macro target_pay_prorated(service_units, months) -%}
    case target_pay_of
        when 'base_salary' then {{ prorated(times('base_salary', 'target_pay_share'), service_units, '12') }}
        when 'variable_pay' then {{ prorated(times('variable_pay', 'target_pay_share'), service_units, '12') }}
        else {{ prorated('target_pay_amount', service_units, months) }}
    end
{%- endmacro %}
