{# Tables and views of a run are made in place. dbt's own way builds beside what exists, renames, commits and drops, so
   that readers are never without a table; nobody reads a run's files while they are built, and those four more
   statements per model are most of a small run. Made again (a stage that is repeated), a model replaces itself. #}

{% materialization table, adapter='duckdb' %}
    {%- set made = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main') -%}
        drop table if exists {{ made }};
        {{ create_table_as(False, made, sql) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [made]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set made = this.incorporate(type='view') -%}
    {%- call statement('main') -%}
        drop view if exists {{ made }};
        {{ create_view_as(made, sql) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [made]}) }}
{% endmaterialization %}
