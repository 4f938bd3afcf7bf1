{# What a typed_ model rests on (see include/attain/locality.py): rows of a batch on the rows of that batch alone. `priced`
   names a table that finds currencies for rows delivered without one. #}
{% macro by_batch(stream, priced=none) -%}
    {%- set rests_on = {'landing.' ~ stream: ['_batch_no']} -%}
    {%- if priced -%}
        {%- do rests_on.update({priced: ['_batch_no']}) -%}
    {%- endif -%}
    {{ return({'local': {'by': ['_batch_no'], 'rests_on': rests_on}}) }}
{%- endmacro %}
