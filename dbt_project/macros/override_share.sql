{# How much of the credit (`of` = credits) or of what was earned on it (`of` = earnings) an override is paid on. With
   subtract_lower, what lower levels took is left out, and so is, from a base of credits, what was earned on them. #}
{% macro override_share(base, subtract_lower, of, lower) -%}
    cast(
        case when {{ base }} = '{{ of }}' then 1 else 0 end
        - case
            when not {{ subtract_lower }} then 0
            {% if of == 'earnings' -%}
            when {{ base }} = 'credits' then 1 + {{ lower }}
            {% endif -%}
            else {{ lower }}
        end as decimal(13, 10)
    )
{%- endmacro %}
