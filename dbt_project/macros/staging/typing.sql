{# Text as delivered → typed value without loss; NULL when the text does not have exactly the accepted form. The landing
   views hand over trimmed text and NULL for empty. What cannot be typed is found by `mistyped` (see rules.sql). #}

{# RE2 matches the whole text; \d is an ASCII digit, so full-width digits do not pass. #}
{% macro has_form(column, pattern) -%}
    regexp_full_match({{ column }}, '{{ pattern }}')
{%- endmacro %}

{# Money: 1234.56 or 1,234.56 with groups of three, at most six decimals that count. The cast goes through
   DECIMAL(18,6), a machine word: straight to DECIMAL(24,6) costs 10 µs a value, this 0.1 µs. Only amounts beyond
   twelve digits take the long way. #}
{% macro as_money(column) -%}
    case
        when {{ has_form(column, '[+-]?(\\d+|\\d{1,3}(,\\d{3})+)(\\.\\d{1,6}0*)?') }}
            then coalesce(
                cast(try_cast({{ column }} as decimal(18, 6)) as decimal(24, 6)),
                cast(try_cast(replace({{ column }}, ',', '') as decimal(18, 6)) as decimal(24, 6)),
                try_cast(replace({{ column }}, ',', '') as decimal(24, 6))
            )
    end
{%- endmacro %}

{# Quantities, scores, figures: same form and scale as money. #}
{% macro as_number(column) -%}
    {{ as_money(column) }}
{%- endmacro %}

{# Fractions: at most ten decimals. #}
{% macro as_share(column) -%}
    case
        when {{ has_form(column, '[+-]?\\d+(\\.\\d{1,10}0*)?') }} then try_cast({{ column }} as decimal(13, 10))
    end
{%- endmacro %}

{# Exchange rates need more places than money (one dong is 0.0002871 yuan): at most ten decimals. #}
{% macro as_rate(column) -%}
    case
        when {{ has_form(column, '[+-]?(\\d+|\\d{1,3}(,\\d{3})+)(\\.\\d{1,10}0*)?') }}
            then try_cast(replace({{ column }}, ',', '') as decimal(24, 10))
    end
{%- endmacro %}

{# Whole numbers; spreadsheets deliver 12 as 12.0. #}
{% macro as_integer(column) -%}
    case when {{ has_form(column, '[+-]?\\d{1,9}(\\.0+)?') }} then try_cast({{ column }} as integer) end
{%- endmacro %}

{# A business date: 2026-01-31, the date part of a time without zone, or the day on which an instant falls in the company's
   time zone. Text that a date is written as again needs no pattern, which costs three times as much; the length keeps out
   `infinity` and years of five digits. #}
{% macro as_date(column) -%}
    {%- set day = '\\d{4}-\\d\\d-\\d\\d' -%}
    {%- set time = '[T ]\\d\\d:\\d\\d(:\\d\\d([.]\\d+)?)?' -%}
    {%- set offset = '(Z|[+-]\\d\\d(:?\\d\\d)?)' -%}
    case
        when length({{ column }}) = 10 and cast(try_cast({{ column }} as date) as varchar) = {{ column }}
            then try_cast({{ column }} as date)
        when {{ has_form(column, day ~ '(' ~ time ~ ')?') }}
            then try_cast(left({{ column }}, 10) as date)
        when {{ has_form(column, day ~ time ~ offset) }} and try_cast(left({{ column }}, 10) as date) is not null
            then cast(timezone((select time_zone from {{ source('inputs', 'run') }}), {{ zoned(column) }}) as date)
    end
{%- endmacro %}

{# An instant with an offset; the engine wants seconds, hence the `:00`. #}
{% macro zoned(column) -%}
    try_cast(
        regexp_replace({{ column }}, '^(.{10}[T ]..:..)([+Z-])', '\1:00\2') as timestamp with time zone
    )
{%- endmacro %}

{# A UTC instant: ISO with an offset is converted, without one it is UTC already, a date alone is its midnight. The
   engine's cast to TIMESTAMP ignores an offset, hence the second branch; it wants seconds, hence the `:00`. #}
{% macro as_instant(column) -%}
    {%- set day = '\\d{4}-\\d\\d-\\d\\d' -%}
    {%- set time = '[T ]\\d\\d:\\d\\d(:\\d\\d([.]\\d{1,9})?)?' -%}
    case
        when
            length({{ column }}) = 20
            and strftime(try_cast({{ column }} as timestamp), '%Y-%m-%dT%H:%M:%SZ') = {{ column }}
            then try_cast({{ column }} as timestamp)
        when {{ has_form(column, day ~ '(' ~ time ~ 'Z?)?') }}
            then try_cast(rtrim({{ column }}, 'Z') as timestamp)
        when {{ has_form(column, day ~ time ~ '[+-]\\d\\d(:?\\d\\d)?') }}
            then make_timestamp(epoch_us({{ zoned(column) }}))
    end
{%- endmacro %}

{# true and false, as CSV, Excel and Parquet write them. #}
{% macro as_flag(column) -%}
    case lower({{ column }}) when 'true' then true when '1' then true when 'false' then false when '0' then false end
{%- endmacro %}

{# A word of a closed list; lists are written in lower case. #}
{% macro as_word(column) -%}
    lower({{ column }})
{%- endmacro %}

{# A currency code. #}
{% macro as_code(column) -%}
    upper({{ column }})
{%- endmacro %}

{# The delivered text of typed columns, kept beside them as <column>_text until the row is judged. #}
{% macro texts(columns) -%}
    {%- for column in columns %}
        {{ column }} as {{ column }}_text{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}
