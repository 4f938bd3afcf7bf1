{# What a rejected_ model rests on (see include/attain/locality.py): the verdict on a row, on the rows of its record, and on
   the records that any of them names. `record` is what identifies the record, or a part of it; `references` the streams
   it names rows of, each with the column in which both have the key; `more` other tables, by a column of the record. #}
{% macro by_record(stream, record, references, more={}) -%}
    {%- set typed = 'typed_' ~ stream -%}
    {%- set of_record = [typed, [record]] -%}
    {%- set rests_on = {typed: [of_record]} -%}
    {%- for parent, key in references.items() -%}
        {%- do rests_on.update({
            'typed_' ~ parent: [[typed, [key]], of_record],
            'rejected_' ~ parent: [['typed_' ~ parent, ['_batch_no', '_row']], [typed, [key]], of_record],
        }) -%}
    {%- endfor -%}
    {%- do rests_on.update(more) -%}
    {{ return({'local': {'by': ['_batch_no', '_row'], 'rests_on': rests_on}}) }}
{%- endmacro %}
