{# What a typed_ model rests on: rows of a batch on the rows of that batch alone. `priced` names a table that finds
   currencies for rows delivered without one. #}
{% macro by_batch(stream, priced=none) -%}
    {{ return(local_by(['_batch_no'], ['landing.' ~ stream] + ([priced] if priced else []))) }}
{%- endmacro %}
