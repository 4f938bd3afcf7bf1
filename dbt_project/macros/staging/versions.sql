{# Rows of one record: which of them is staged, and what became of the others. `typed` has the columns of a typed_ model. #}

{# Two rows are of one record; an empty part of a key (a market without region) equals an empty one. #}
{% macro same_key(one, other, key) -%}
    {%- for column in key -%}
    {{ "and " if not loop.first }}{{ one }}.{{ column }} is not distinct from {{ other }}.{{ column }}
    {% endfor -%}
{%- endmacro %}

{# Versions that a later valid one of the same key replaces, and deletions, which are never staged themselves. Faulty
   rows are no versions: a broken correction leaves the valid row standing. Only keys that occur more than once, or are
   deleted, are ordered; sorting every row would cost ten times as much. #}
{% macro superseded_versions(typed, faulty, key) -%}
    select
        version._batch_no,
        version._row,
        'superseded' as state,
        case when version.is_deleted and version.version_no = 1 then 'deleted' else 'superseded' end as rule,
        cast(null as varchar) as field,
        cast(null as varchar) as value,
        cast(null as varchar) as expected
    from (
        select
            valid._batch_no,
            valid._row,
            valid.is_deleted,
            row_number() over (
                partition by {% for column in key %}valid.{{ column }}{{ ", " if not loop.last }}{% endfor %}
                order by valid._batch_no desc, valid._row desc
            ) as version_no
        from {{ typed }} as valid
        inner join (
            select {{ key | join(', ') }}
            from {{ typed }}
            where _broken is null
            group by {{ key | join(', ') }}
            having count(*) > 1 or max(is_deleted)
        ) as repeated
            on {{ same_key('valid', 'repeated', key) }}
        left join {{ faulty }} as faulty
            on valid._batch_no = faulty._batch_no and valid._row = faulty._row
        where valid._broken is null and faulty._batch_no is null
    ) as version
    where version.version_no > 1 or version.is_deleted
{%- endmacro %}

{# Every row of the records that have a quarantined row, with its verdict and the batch of the next valid version (or
   deletion) of its record: NULL while a fault is open. One window instead of a join of later versions: DuckDB 1.5 fails
   to plan that join at some table sizes. #}
{% macro fates(typed, rejected, key) -%}
    select
        version._batch_no,
        version._row,
        {%- for column in key %}
        version.{{ column }},
        {%- endfor %}
        verdict.state,
        verdict.rule,
        verdict.field,
        verdict.value,
        verdict.expected,
        min(case when verdict.state is distinct from 'quarantined' then version._batch_no end) over (
            partition by {% for column in key %}version.{{ column }}{{ ", " if not loop.last }}{% endfor %}
            order by version._batch_no, version._row
            rows between 1 following and unbounded following
        ) as resolved_batch_no
    from {{ typed }} as version
    inner join (
        select {% for column in key %}broken.{{ column }}{{ ", " if not loop.last }}{% endfor %}
        from {{ typed }} as broken
        inner join {{ rejected }} as refused
            on broken._batch_no = refused._batch_no and broken._row = refused._row
        where refused.state = 'quarantined'
        group by {% for column in key %}broken.{{ column }}{{ ", " if not loop.last }}{% endfor %}
    ) as record
        on {{ same_key('version', 'record', key) }}
    left join {{ rejected }} as verdict
        on version._batch_no = verdict._batch_no and version._row = verdict._row
{%- endmacro %}
