{# An amount times a share, cut (towards zero) to a whole number of units. #}
{% macro cut_part(amount, share, unit) -%}
    cast({{ times(amount, share) }} - {{ times(amount, share) }} % {{ unit }} as decimal(24, 6))
{%- endmacro %}

{# What cutting left over, given back: one unit each to the first in precedence, and what is smaller than a unit to the
   very first, so that the parts add up to the amount exactly. `left_over` is amount − Σ cut parts. #}
{% macro returned_part(left_over, precedence, unit) -%}
    cast(
        case when {{ precedence }} * {{ unit }} <= abs({{ left_over }}) then sign({{ left_over }}) * {{ unit }} else 0 end
        + case when {{ precedence }} = 1 then {{ left_over }} % {{ unit }} else 0 end
        as decimal(24, 6)
    )
{%- endmacro %}

{# An amount ≥ 0 divided among so many, cut to a whole number of units. #}
{% macro equal_part(amount, parts, unit) -%}
    {{ weighted_part(amount, '1', parts, unit) }}
{%- endmacro %}

{# An amount ≥ 0 × weight ÷ all weights (whole numbers), cut to a whole number of units; exact, in integers. #}
{% macro weighted_part(amount, weight, weights, unit) -%}
    cast(
        cast(
            cast({{ amount }} * 1000000 as hugeint) * cast({{ weight }} as hugeint)
            // (cast({{ weights }} as hugeint) * cast({{ unit }} * 1000000 as hugeint)) as decimal(18, 0)
        ) * {{ unit }} as decimal(24, 6)
    )
{%- endmacro %}
