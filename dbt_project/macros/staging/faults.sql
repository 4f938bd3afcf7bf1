{# Faults: why a row is quarantined. They carry `fault_no`, because a row is quarantined once, for the first of them.
   `typed` is a relation with the columns of a typed_ model. #}

{# The first rule a row breaks, as one text "rule|field|expected|value"; NULL when it breaks none. A deletion needs only
   what identifies the record. #}
{% macro first_broken_rule(key, row) -%}
    case
        {%- for broken in key + mistyped(['is_deleted'], 'flag') %}
        when {{ broken['when'] }} then {{ broken_rule_text(broken) }}
        {%- endfor %}
        when is_deleted then null
        {%- for broken in row %}
        when {{ broken['when'] }} then {{ broken_rule_text(broken) }}
        {%- endfor %}
    end
{%- endmacro %}

{% macro broken_rule_text(broken) -%}
    '{{ broken['rule'] }}|{{ broken['field'] }}|{{ broken['expected'] }}|' || coalesce({{ broken['value'] }}, '')
{%- endmacro %}

{# What a typed_ model keeps of the judgement: one text, which is NULL for nearly every row. `own_faults` takes it apart. #}
{% macro verdict_columns() -%}
    coalesce(is_deleted, false) as is_deleted,
    _broken
{%- endmacro %}

{# Rows that broke a rule of their own, which is kept as "rule|field|expected|value": the value alone may hold a bar. #}
{% macro own_faults(typed) -%}
    select
        _batch_no,
        _row,
        0 as fault_no,
        'quarantined' as state,
        split_part(_broken, '|', 1) as rule,
        nullif(split_part(_broken, '|', 2), '') as field,
        nullif(regexp_replace(_broken, '^[^|]*[|][^|]*[|][^|]*[|]', ''), '') as value,
        nullif(split_part(_broken, '|', 3), '') as expected
    from {{ typed }}
    where _broken is not null
{%- endmacro %}

{# One row per faulty row: its first fault. #}
{% macro first_fault(faults) -%}
    select
        _batch_no,
        _row,
        arg_min(state, fault_no) as state,
        arg_min(rule, fault_no) as rule,
        arg_min(field, fault_no) as field,
        arg_min(value, fault_no) as value,
        arg_min(expected, fault_no) as expected
    from {{ faults }}
    group by _batch_no, _row
{%- endmacro %}
