{# The quarantined rows of a stream, with the key of the record, the delivered row as JSON and the batch that holds the
   next valid version. Only here is `_raw` read: for the few rows that need it. #}
{% macro quarantined_rows(stream, key) -%}
    {%- set typed = ref('typed_' ~ stream) -%}
    {%- set rejected = ref('rejected_' ~ stream) -%}
    select
        '{{ stream }}' as stream,
        {% for column in key %}{{ "|| '|' || " if not loop.first }}coalesce(cast(typed.{{ column }} as varchar), ''){{ " " if not loop.last }}{% endfor %} as record_key,
        refused._batch_no,
        refused._row,
        refused.rule,
        refused.field,
        refused.value,
        refused.expected,
        cast(to_json(delivered._raw) as varchar) as raw,
        resolved.resolved_batch_no
    from {{ rejected }} as refused
    inner join {{ typed }} as typed
        on refused._batch_no = typed._batch_no and refused._row = typed._row
    inner join {{ source('landing', stream) }} as delivered
        on refused._batch_no = delivered._batch_no and refused._row = delivered._row
    left join ({{ later_valid_versions(typed, rejected, key) }}) as resolved
        on refused._batch_no = resolved._batch_no and refused._row = resolved._row
    where refused.state = 'quarantined'
{%- endmacro %}

{# One row: how many rows of a stream are staged, superseded and quarantined. #}
{% macro stream_counts(stream) -%}
    select
        '{{ stream }}' as stream,
        (select count(*) from {{ ref('stg_' ~ stream) }}) as staged,
        (select count(*) from {{ ref('rejected_' ~ stream) }} where state = 'superseded') as superseded,
        (select count(*) from {{ ref('rejected_' ~ stream) }} where state = 'quarantined') as quarantined
{%- endmacro %}
