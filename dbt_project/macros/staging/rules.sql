{# Rules a column can break on its own; rules between columns: row_rules.sql. Each macro returns a list of rules, which
   `first_broken_rule` (see faults.sql) turns into one CASE. Rule ids are stable: examples, gates and people refer to them.
   A rule: {rule, field, value (SQL text), expected (ends the sentence "expected …"), when (SQL condition)}. #}

{# The row cannot be identified: a part of its key is empty. #}
{% macro empty_key(columns) -%}
    {%- set rules = [] -%}
    {%- for column in columns -%}
        {%- do rules.append({
            'rule': 'key', 'field': column, 'value': "''",
            'expected': 'a value, because it identifies the record',
            'when': column ~ ' is null',
        }) -%}
    {%- endfor -%}
    {{ return(rules) }}
{%- endmacro %}

{# A column that must be filled is empty; `only_when` is an SQL condition without which it may be. #}
{% macro required(columns, only_when=none) -%}
    {%- set rules = [] -%}
    {%- for column in columns -%}
        {%- do rules.append({
            'rule': 'required', 'field': column, 'value': "''",
            'expected': 'a value' ~ (' where ' ~ only_when | replace("'", '') if only_when else ''),
            'when': column ~ ' is null' ~ (' and ' ~ only_when if only_when else ''),
        }) -%}
    {%- endfor -%}
    {{ return(rules) }}
{%- endmacro %}

{# Text was delivered but has not the form of its type (see typing.sql). #}
{% macro mistyped(columns, type) -%}
    {%- set forms = {
        'money': 'an amount such as 1234.56 or 1,234.56 with at most 6 decimals',
        'number': 'a number such as 1234.56 or 1,234.56 with at most 6 decimals',
        'share': 'a fraction such as 0.25 with at most 10 decimals',
        'rate': 'a number such as 7.1034 with at most 10 decimals',
        'integer': 'a whole number such as 12',
        'date': 'a date such as 2026-01-31',
        'instant': 'an instant such as 2026-01-31T09:30:00+08:00',
        'flag': 'true or false',
    } -%}
    {%- set rules = [] -%}
    {%- for column in columns -%}
        {%- do rules.append({
            'rule': 'type', 'field': column, 'value': column ~ '_text', 'expected': forms[type],
            'when': column ~ ' is null and ' ~ column ~ '_text is not null',
        }) -%}
    {%- endfor -%}
    {{ return(rules) }}
{%- endmacro %}

{# A date that is a slip of the keyboard: 0202-01-31, 2926-01-31. #}
{% macro off_calendar(columns) -%}
    {%- set rules = [] -%}
    {%- for column in columns -%}
        {%- do rules.append({
            'rule': 'range', 'field': column, 'value': column ~ '_text',
            'expected': 'a date from 1900 to 2100',
            'when': column ~ " not between date '1900-01-01' and date '2100-12-31'",
        }) -%}
    {%- endfor -%}
    {{ return(rules) }}
{%- endmacro %}

{# A number outside what its column allows; `when` is the SQL condition that is wrong, `expected` what is right. #}
{% macro outside(column, when, expected) -%}
    {{ return([{
        'rule': 'range', 'field': column, 'value': column ~ '_text', 'expected': expected, 'when': when,
    }]) }}
{%- endmacro %}

{% macro negative(columns) -%}
    {%- set rules = [] -%}
    {%- for column in columns -%}
        {%- do rules.extend(outside(column, column ~ ' < 0', 'a number that is not below 0')) -%}
    {%- endfor -%}
    {{ return(rules) }}
{%- endmacro %}

{% macro not_a_fraction(columns) -%}
    {%- set rules = [] -%}
    {%- for column in columns -%}
        {%- do rules.extend(outside(column, column ~ ' not between 0 and 1', 'a fraction from 0 to 1')) -%}
    {%- endfor -%}
    {{ return(rules) }}
{%- endmacro %}

{# A word outside its closed list. #}
{% macro unknown_value(column, allowed) -%}
    {{ return([{
        'rule': 'unknown_value', 'field': column, 'value': column ~ '_text',
        'expected': 'one of ' ~ allowed | join(', '),
        'when': column ~ " not in ('" ~ allowed | join("', '") ~ "')",
    }]) }}
{%- endmacro %}

{# A period that is no month, quarter or year. #}
{% macro unknown_period(column) -%}
    {{ return([{
        'rule': 'unknown_value', 'field': column, 'value': column,
        'expected': 'a period such as 2026-01, 2026-Q1 or 2026',
        'when': 'not ' ~ has_form(column, '(19|20|21)\\d\\d(-(0[1-9]|1[0-2]|Q[1-4]))?'),
    }]) }}
{%- endmacro %}

{# A period that is no month: where a quarter or a year says nothing. #}
{% macro unknown_month(column) -%}
    {{ return([{
        'rule': 'unknown_value', 'field': column, 'value': column,
        'expected': 'a month such as 2026-01',
        'when': 'not ' ~ has_form(column, '(19|20|21)\\d\\d-(0[1-9]|1[0-2])'),
    }]) }}
{%- endmacro %}

{# A rule that only one stream has. #}
{% macro rule(id, column, when, expected, value=none) -%}
    {{ return([{'rule': id, 'field': column, 'value': value or column, 'expected': expected, 'when': when}]) }}
{%- endmacro %}
