{# What becomes of typed rows: quarantined with a fault, superseded, or staged. Faults carry `fault_no`, because a row
   is quarantined once, for the first of them. `typed` is a relation with the columns of a typed_ model.

   "Not in" is written as a left join whose other side stays empty: DuckDB 1.5 reorders anti joins among other joins
   and at some table sizes fails to plan them (duckdb/duckdb issue 26000); left joins are left where they stand. #}

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

{# Money in a foreign currency on a day before that currency's first rate: it cannot be converted. `day` is an SQL
   expression; rows where it is NULL need no rate. #}
{% macro rate_faults(typed, day, fault_no) -%}
    select
        child._batch_no,
        child._row,
        {{ fault_no }} as fault_no,
        'quarantined' as state,
        'fx_rate_missing' as rule,
        'currency' as field,
        child.currency || ' on ' || cast({{ day }} as varchar) as value,
        'a rate of the currency on or before that day' as expected
    from {{ typed }} as child
    cross join {{ source('inputs', 'run') }} as company
    left join (
        select
            fx_rates.currency as fx_currency,
            min(fx_rates.rate_on) as first_rate_on
        from {{ ref('stg_fx_rates') }} as fx_rates
        group by fx_rates.currency
    ) as rated
        on child.currency = rated.fx_currency
    where
        child._broken is null
        and not child.is_deleted
        and child.currency <> company.currency
        and {{ day }} is not null
        and (rated.first_rate_on is null or rated.first_rate_on > {{ day }})
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
