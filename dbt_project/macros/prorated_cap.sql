{# The cap of a component in money, prorated: an amount, or a share of its target pay, of salary or of variable pay. The
   columns of `components` and the yearly base_salary and variable_pay must be in scope. #}
{% macro prorated_cap(service_units, months) -%}
    case
        when cap_of is null then {{ prorated('cap_amount', service_units, months) }}
        when cap_of = 'target_pay' then {{ prorated(times('target_pay_amount', 'cap_share'), service_units, months) }}
        when cap_of = 'base_salary' then {{ prorated(times('base_salary', 'cap_share'), service_units, '12') }}
        else {{ prorated(times('variable_pay', 'cap_share'), service_units, '12') }}
    end
{%- endmacro %}
