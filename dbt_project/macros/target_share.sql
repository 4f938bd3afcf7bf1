{# A target row's value × service ÷ what its months weigh (its months, where they weigh alike), rounded once to six places.
   Exact: the value is taken in millionths and the share in whole service units (see int_service_months). The whole service
   and none need no division. #}
{% macro target_share(value, service_units, source_weight) -%}
    case
        when {{ service_units }} = cast(95527740 as bigint) * {{ source_weight }} then cast({{ value }} as decimal(34, 6))
        when {{ service_units }} = 0 and {{ value }} is not null then cast(0 as decimal(34, 6))
        else
            cast(
                {{ divide_half_up(
                    "cast(" ~ value ~ " * 1000000 as hugeint) * " ~ service_units,
                    "(cast(95527740 as hugeint) * " ~ source_weight ~ ")"
                ) }} as decimal(28, 0)
            ) * cast(0.000001 as decimal(7, 6))
    end
{%- endmacro %}

{# Money or a target for a span (`months` long), prorated to the service that counts in it; a yearly amount has 12. #}
{% macro prorated(amount, service_units, months) -%}
    cast({{ target_share(money(amount), service_units, months) }} as decimal(24, 6))
{%- endmacro %}
