{# Months as whole numbers, so that they can be counted: January of year 0 is 0. #}
{% macro month_number(day) -%}
    (year({{ day }}) * 12 + month({{ day }}) - 1)
{%- endmacro %}

{# The number of a month given by its key. #}
{% macro month_number_of(key) -%}
    (cast(left({{ key }}, 4) as integer) * 12 + cast(right({{ key }}, 2) as integer) - 1)
{%- endmacro %}

{# The key of a month given by its number. #}
{% macro month_key(number) -%}
    (lpad(cast({{ number }} // 12 as varchar), 4, '0') || '-' || lpad(cast({{ number }} % 12 + 1 as varchar), 2, '0'))
{%- endmacro %}

{# An amount divided by a whole number and rounded to the minor unit, half away from zero, in one step. #}
{% macro even_part(amount, count, places) -%}
    cast(
        {{ divide_half_up(
            "(cast(" ~ amount ~ " * 1000 as hugeint) // cast(" ~ minor_unit(places) ~ " * 1000 as hugeint))",
            "cast(" ~ count ~ " as hugeint)"
        ) }} * {{ minor_unit(places) }} as decimal(24, 6)
    )
{%- endmacro %}

{# What is left of a layer of cost after a month: nothing from its last month on, else the amount less the even parts so
   far, never beyond the amount. #}
{% macro left_of_layer(layer, month) -%}
    case
        when {{ month }} >= {{ layer }}.last_month then cast(0 as decimal(24, 6))
        else
            cast(
                {{ layer }}.amount - sign({{ layer }}.amount) * least(
                    abs({{ layer }}.charge) * greatest({{ month }} - {{ layer }}.charged_from + 1, 0),
                    abs({{ layer }}.amount)
                ) as decimal(24, 6)
            )
    end
{%- endmacro %}

{# The kinds of ledger entries that are computed pay; the others move the time it is paid. #}
{% macro computed_kinds() -%}
    ('earned', 'adjustment', 'clawback', 'deduction', 'reversal')
{%- endmacro %}

{# Layers of cost with their even charge and the months it is charged in, from the CTEs contracts and currencies. #}
{% macro placed_layers(rows) -%}
    select
        {{ rows }}.*,
        coalesce(contracts.is_capitalised, false) as is_capitalised,
        greatest({{ rows }}.booked_month, coalesce(contracts.first_month, {{ rows }}.booked_month)) as charged_from,
        case
            when contracts.is_capitalised
                then greatest(
                    {{ rows }}.booked_month,
                    least(contracts.end_month, coalesce(contracts.cancelled_month, contracts.end_month))
                )
            else {{ rows }}.booked_month
        end as last_month,
        {{ even_part(
            rows ~ ".amount",
            "greatest(coalesce(contracts.end_month, 0) - greatest(" ~ rows ~ ".booked_month, contracts.first_month) + 1, 1)",
            "currencies.minor_units"
        ) }} as charge
    from {{ rows }}
    inner join currencies on {{ rows }}.currency = currencies.currency
    left join contracts on {{ rows }}.deal_id = contracts.deal_id
{%- endmacro %}
