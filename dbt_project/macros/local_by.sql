{# What a model or data test says of the rows it rests on (include/attain/locality.py): it can be made for some values of
   `by`, from the rows of `tables` that have them in columns of the same names. `others` are tables whose rows lead to the
   key by other columns, or through other tables. #}
{% macro local_by(by, tables, others={}) -%}
    {%- set rests_on = {} -%}
    {%- for table in tables -%}
        {%- do rests_on.update({table: by}) -%}
    {%- endfor -%}
    {%- do rests_on.update(others) -%}
    {{ return({'local': {'by': by, 'rests_on': rests_on}}) }}
{%- endmacro %}

{# The tables beside deals and their lines that int_won_lines reads, as `others` of what is made by deal. Products are left
   out: a deal and a line each name one, so a change of theirs makes the model wholly. #}
{% macro beside_won_lines() -%}
    {{ return({
        'rejected_deals': [['typed_deals', ['_batch_no', '_row']]],
        'rejected_deal_lines': [['typed_deal_lines', ['_batch_no', '_row']]],
        'typed_accounts': [['typed_deals', ['account_id']]],
        'rejected_accounts': [['typed_accounts', ['_batch_no', '_row']], ['typed_deals', ['account_id']]],
    }) }}
{%- endmacro %}
