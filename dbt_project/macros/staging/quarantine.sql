{# The quarantined rows of a stream, with the key of the record, the delivered row as JSON and the batch that mended it: the
   one with the next valid version. A row that cannot be told by its key (the fault is in it, so the mended row has another)
   is mended by the next delivery of its file. Only here is `_raw` read: for the few rows that need it. #}
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
        coalesce(
            broken.resolved_batch_no,
            case when broken.rule = 'key' or broken.field in ('{{ key | join("', '") }}') then replaced.by_batch_no end
        ) as resolved_batch_no
    from ({{ fates(ref('typed_' ~ stream), ref('rejected_' ~ stream), key) }}) as broken
    inner join {{ source('landing', stream) }} as delivered
        on broken._batch_no = delivered._batch_no and broken._row = delivered._row
    left join ({{ replaced_batches() }}) as replaced on broken._batch_no = replaced.batch_no
    where broken.state = 'quarantined'
{%- endmacro %}

{# One row per batch whose file was delivered again: the batch that came next in its place. #}
{% macro replaced_batches() -%}
    select batch_no, by_batch_no
    from (
        select
            batch_no,
            lead(batch_no) over (partition by stream, source_ref order by batch_no) as by_batch_no
        from {{ source('landing', 'batches') }}
    ) as placed
    where by_batch_no is not null
{%- endmacro %}

{# One row: how many rows of a stream are staged, superseded and quarantined. #}
{% macro stream_counts(stream) -%}
    select
        '{{ stream }}' as stream,
        (select count(*) from {{ ref('stg_' ~ stream) }}) as staged,
        (select count(*) from {{ ref('rejected_' ~ stream) }} where state = 'superseded') as superseded,
        (select count(*) from {{ ref('rejected_' ~ stream) }} where state = 'quarantined') as quarantined
{%- endmacro %}
