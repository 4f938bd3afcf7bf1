{# What a rejected_ model rests on (see include/attain/locality.py): the verdict on a row, on the rows of its record, and on
   the records it names. `record` is what identifies the record, or a part of it; `references` the streams it names rows
   of, each with the column in which both have the key. #}
{% macro by_record(stream, record, references, more={}) -%}
    {%- set typed = 'typed_' ~ stream -%}
    {%- set rests_on = {typed: [[typed, [record]]]} -%}
    {%- for parent, key in references.items() -%}
        {%- do rests_on.update({
            'typed_' ~ parent: [[typed, [key]]],
            'rejected_' ~ parent: [['typed_' ~ parent, ['_batch_no', '_row']], [typed, [key]]],
        }) -%}
    {%- endfor -%}
    {%- do rests_on.update(more) -%}
    {{ return({'local': {'by': ['_batch_no', '_row'], 'rests_on': rests_on}}) }}
{%- endmacro %}
