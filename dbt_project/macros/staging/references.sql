{# Faults of rows that name what is not there (see faults.sql): a record, a word of a list; rates of exchange: rates.sql.

   "Not in" is written as a left join whose other side stays empty: DuckDB 1.5 reorders anti joins among other joins
   and at some table sizes fails to plan them (duckdb/duckdb issue 26000); left joins are left where they stand. #}

{# How a record of each referenced stream is called and identified. #}
{% macro referenced(stream) -%}
    {{ return({
        'participants': {'name': 'participant', 'key': 'participant_id'},
        'teams': {'name': 'team', 'key': 'team_id'},
        'accounts': {'name': 'account', 'key': 'account_id'},
        'products': {'name': 'product', 'key': 'product_id'},
        'deals': {'name': 'deal', 'key': 'deal_id'},
        'invoices': {'name': 'invoice', 'key': 'invoice_id'},
    }[stream]) }}
{%- endmacro %}

{# Rows whose `field` names a record of `stream` that is not staged: never delivered (unknown_…), quarantined itself
   (parent_quarantined) or deleted (parent_deleted). Participants are always needed; any other stream is only looked at
   when it has been delivered at all. A part of a deal (`is_part`) goes with a deleted deal: nothing to mend. #}
{% macro reference_faults(typed, field, stream, fault_no, is_part=false) -%}
    {%- set parent = referenced(stream) -%}
    select
        orphan._batch_no,
        orphan._row,
        {{ fault_no }} as fault_no,
        {% if is_part -%}
        case when lost.is_deleted then 'superseded' else 'quarantined' end as state,
        {% else -%}
        'quarantined' as state,
        {% endif -%}
        case
            when lost.lost_key is null then 'unknown_{{ parent.name }}'
            when lost.is_deleted then 'parent_deleted'
            else 'parent_quarantined'
        end as rule,
        '{{ field }}' as field,
        orphan.value,
        case
            when lost.lost_key is null then 'the id of a delivered {{ parent.name }}'
            when lost.is_deleted then 'the id of a {{ parent.name }} that has not been deleted'
            else 'the id of a {{ parent.name }} that is not in quarantine itself'
        end as expected
    from (
        select
            child._batch_no,
            child._row,
            child.{{ field }} as value
        from {{ typed }} as child
        left join {{ ref('stg_' ~ stream) }} as present
            on child.{{ field }} = present.{{ parent.key }}
        where
            child._broken is null
            and not child.is_deleted
            and child.{{ field }} is not null
            and present.{{ parent.key }} is null
            {%- if stream != 'participants' %}
            and (select count(*) from {{ ref('typed_' ~ stream) }}) > 0
            {%- endif %}
    ) as orphan
    left join (
        select
            versions.{{ parent.key }} as lost_key,
            max(rejected.rule = 'deleted') as is_deleted
        from {{ ref('typed_' ~ stream) }} as versions
        inner join {{ ref('rejected_' ~ stream) }} as rejected
            on versions._batch_no = rejected._batch_no and versions._row = rejected._row
        where versions.{{ parent.key }} is not null
        group by versions.{{ parent.key }}
    ) as lost
        on orphan.value = lost.lost_key
{%- endmacro %}

{# Rows whose `field` is not in a list that came with the inputs: currencies, KPIs. #}
{% macro list_faults(typed, field, list, list_column, name, fault_no) -%}
    select
        child._batch_no,
        child._row,
        {{ fault_no }} as fault_no,
        'quarantined' as state,
        'unknown_{{ name }}' as rule,
        '{{ field }}' as field,
        child.{{ field }} as value,
        'a {{ name }} of the list' as expected
    from {{ typed }} as child
    left join {{ list }} as listed on child.{{ field }} = listed.{{ list_column }}
    where
        child._broken is null
        and not child.is_deleted
        and child.{{ field }} is not null
        and listed.{{ list_column }} is null
{%- endmacro %}

{% macro currency_faults(typed, fault_no) -%}
    {{ list_faults(typed, 'currency', source('inputs', 'currencies'), 'currency', 'currency', fault_no) }}
{%- endmacro %}

{% macro kpi_faults(typed, fault_no) -%}
    {{ list_faults(typed, 'kpi', source('inputs', 'kpi_catalogue'), 'kpi', 'kpi', fault_no) }}
{%- endmacro %}
