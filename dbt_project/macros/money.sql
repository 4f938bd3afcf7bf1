{# Money as computed: DECIMAL(24,6). A cast to a smaller scale rounds half away from zero. #}
{% macro money(expression) -%}
    cast({{ expression }} as decimal(24, 6))
{%- endmacro %}

{# The exact product of money and a ratio, rate or factor: DECIMAL(38,16). #}
{% macro times(amount, factor) -%}
    (cast({{ amount }} as decimal(20, 6)) * cast({{ factor }} as decimal(18, 10)))
{%- endmacro %}

{# An amount as exact as products of money and a factor: DECIMAL(38,16). #}
{% macro exact(amount) -%}
    cast({{ amount }} as decimal(38, 16))
{%- endmacro %}

{# An exact amount times a factor: taken at 12 places, exact to the last of 16. #}
{% macro exact_times(amount, factor) -%}
    {{ exact("cast(" ~ amount ~ " as decimal(25, 12)) * cast(" ~ factor ~ " as decimal(13, 10))") }}
{%- endmacro %}

{# A rate times a personal rate, to ten places; 0 without one. #}
{% macro rate_times(rate, personal) -%}
    cast(coalesce(cast({{ rate }} as decimal(18, 10)) * cast({{ personal }} as decimal(18, 10)), 0) as decimal(24, 10))
{%- endmacro %}

{# The product of money and a ratio, rate or factor as money. The engine divides 128-bit integers bit by bit (3 µs a row),
   so the usual cases (a factor of 1; an amount in cents times a factor of four places) are computed without dividing. #}
{% macro money_times(amount, factor) -%}
    case
        when {{ factor }} = 1 then {{ money(amount) }}
        when {{ in_cents(amount) }} = {{ amount }} and {{ to_four_places(factor) }} = {{ factor }}
            then {{ money(in_cents(amount) ~ " * " ~ to_four_places(factor)) }}
        else {{ money(times(amount, factor)) }}
    end
{%- endmacro %}

{# An amount to two places; NULL from 10^12 on. #}
{% macro in_cents(amount) -%}
    try_cast(try_cast({{ amount }} as decimal(18, 6)) as decimal(16, 2))
{%- endmacro %}

{# A factor to four places; NULL from 10,000 on. #}
{% macro to_four_places(factor) -%}
    try_cast(try_cast({{ factor }} as decimal(18, 10)) as decimal(8, 4))
{%- endmacro %}

{# An amount of six places as text; through a machine word where it fits, which is seven times as fast. #}
{% macro amount_text(amount) -%}
    coalesce(cast(try_cast({{ amount }} as decimal(18, 6)) as varchar), cast({{ amount }} as varchar))
{%- endmacro %}

{# numerator ÷ denominator to ten places, half away from zero, exact; NULL when the denominator is 0 or NULL.
   Both are scaled to integers first because the engine's own division of decimals is a binary float. #}
{% macro ratio(numerator, denominator) -%}
    {%- set n = "cast(cast(" ~ numerator ~ " as decimal(26, 10)) * 10000000000 as hugeint)" -%}
    {%- set d = "cast(cast(" ~ denominator ~ " as decimal(26, 10)) * 10000000000 as hugeint)" -%}
    case
        when {{ denominator }} <> 0 then {{ scaled_ratio("sign(" ~ numerator ~ ") * sign(" ~ denominator ~ ")", "abs(" ~ n ~ ") * 10000000000", "abs(" ~ d ~ ")") }}
    end
{%- endmacro %}

{# sign × round(n ÷ d) of non-negative integers as DECIMAL(18,10), held at the largest value that fits. #}
{% macro scaled_ratio(sign, n, d) -%}
    cast(
        {{ sign }} * cast(least((2 * {{ n }} + {{ d }}) // (2 * {{ d }}), 999999999999999999) as decimal(18, 0))
        * cast(0.0000000001 as decimal(11, 10))
        as decimal(18, 10)
    )
{%- endmacro %}

{# Integer n ÷ d rounded half away from zero, d > 0. #}
{% macro divide_half_up(n, d) -%}
    (sign({{ n }}) * ((2 * abs({{ n }}) + {{ d }}) // (2 * {{ d }})))
{%- endmacro %}

{# Rounded half away from zero to `places` (a column with 0, 2 or 3). #}
{% macro half_up(amount, places) -%}
    case {{ places }}
        when 0 then cast(round({{ amount }}, 0) as decimal(24, 6))
        when 3 then cast(round({{ amount }}, 3) as decimal(24, 6))
        else cast(round({{ amount }}, 2) as decimal(24, 6))
    end
{%- endmacro %}

{# One minor unit of a currency: 1, 0.01 or 0.001. #}
{% macro minor_unit(places) -%}
    case {{ places }} when 0 then cast(1 as decimal(7, 6)) when 3 then cast(0.001 as decimal(7, 6)) else cast(0.01 as decimal(7, 6)) end
{%- endmacro %}

{# Money payable: half_up, or half_even when the company says so. A tie lies exactly half a minor unit from both
   neighbours; half_even then steps back from an odd last digit. #}
{% macro payable_money(amount, places, rounding) -%}
    case
        when {{ amount }} = 0 then cast(0 as decimal(24, 6))
        when
            {{ rounding }} = 'half_even'
            and abs({{ half_up(amount, places) }} - {{ amount }}) * 2 = {{ minor_unit(places) }}
            and cast(abs({{ half_up(amount, places) }}) * 1000 as hugeint) // cast({{ minor_unit(places) }} * 1000 as hugeint) % 2 = 1
            then cast({{ half_up(amount, places) }} - sign({{ amount }}) * {{ minor_unit(places) }} as decimal(24, 6))
        else {{ half_up(amount, places) }}
    end
{%- endmacro %}

{# A number as published: six places, half away from zero. #}
{% macro published(expression) -%}
    cast({{ expression }} as decimal(24, 6))
{%- endmacro %}

{# The mean of money weighted by whole numbers, to six places; NULL when they add up to 0. Of one and the same amount it is
   that amount, which saves the division. #}
{% macro weighted_mean(amount, weight) -%}
    case
        when
            min({{ amount }}) = max({{ amount }})
            and sum({{ weight }}) filter (where {{ amount }} is not null) = sum({{ weight }})
            and sum({{ weight }}) <> 0
            then {{ money("max(" ~ amount ~ ")") }}
        else
            cast(
                cast(
                    {{ divide_half_up(
                        "cast(cast(sum(cast(" ~ amount ~ " as decimal(20, 6)) * cast(" ~ weight ~ " as decimal(12, 0))) as decimal(31, 6)) * 1000000 as hugeint)",
                        "nullif(cast(sum(" ~ weight ~ ") as hugeint), 0)"
                    ) }} as decimal(28, 0)
                ) * cast(0.000001 as decimal(7, 6)) as decimal(24, 6)
            )
    end
{%- endmacro %}
