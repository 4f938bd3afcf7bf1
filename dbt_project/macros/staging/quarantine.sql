{# The quarantined rows of a stream, with the key of the record, the delivered row as JSON and the batch that holds the
   next valid version. Only here is `_raw` read: for the few rows that need it. #}
{% macro quarantined_rows(stream, key) -%}
    select
        '{{ stream }}' as stream,
        {% for column in key -%}
        {{ "|| '|' || " if not loop.first }}coalesce(cast(broken.{{ column }} as varchar), '')
        {% endfor -%} as record_key,
        broken._batch_no,
        broken._row,
        broken.rule,
        broken.field,
        broken.value,
        broken.expected,
        cast(to_json(delivered._raw) as varchar) as raw,
        broken.resolved_batch_no
    from ({{ fates(ref('typed_' ~ stream), ref('rejected_' ~ stream), key) }}) as broken
    inner join {{ source('landing', stream) }} as delivered
        on broken._batch_no = delivered._batch_no and broken._row = delivered._row
    where broken.state = 'quarantined'
{%- endmacro %}

{# One row: how many rows of a stream are staged, superseded and quarantined. #}
{% macro stream_counts(stream) -%}
    select
        '{{ stream }}' as stream,
        (select count(*) from {{ ref('stg_' ~ stream) }}) as staged,
        (select count(*) from {{ ref('rejected_' ~ stream) }} where state = 'superseded') as superseded,
        (select count(*) from {{ ref('rejected_' ~ stream) }} where state = 'quarantined') as quarantined
{%- endmacro %}
