{# Rules between the columns of a row: what its figures, days and words say about each other (see rules.sql). #}

{# Something that ends before it starts. #}
{% macro end_before_start(started, ended) -%}
    {{ return([{
        'rule': 'end_before_start', 'field': ended, 'value': ended ~ '_text',
        'expected': 'no earlier than ' ~ started, 'when': ended ~ ' < ' ~ started,
    }]) }}
{%- endmacro %}

{# The tax is a part of the amount: between 0 and it. #}
{% macro tax_beyond_amount() -%}
    {{ return(outside(
        'tax_amount',
        'tax_amount not between least(0, amount) and greatest(0, amount)',
        'a tax between 0 and the amount it is part of'
    )) }}
{%- endmacro %}

{# A deal of goods given back has negative figures throughout; beside a positive amount a negative one is a slip. #}
{% macro negative_beside_amount(columns) -%}
    {%- set rules = [] -%}
    {%- for column in columns -%}
        {%- do rules.extend(outside(
            column, column ~ ' < 0 and coalesce(amount, 0) >= 0',
            'a number that is not below 0 unless the amount is'
        )) -%}
    {%- endfor -%}
    {{ return(rules) }}
{%- endmacro %}

{# Won or lost without a day: the deal would belong to no period. #}
{% macro closed_without_date(status, day) -%}
    {{ return(rule(
        status ~ '_without_date', day, "status = '" ~ status ~ "' and " ~ day ~ ' is null',
        'the day the deal was ' ~ status, day ~ '_text'
    )) }}
{%- endmacro %}

{# A question with an answer has both its text and its day; an outcome is one of an answer. #}
{% macro half_an_answer() -%}
    {{ return(
        rule(
            'required', 'answer', 'answer is null and (answered_on is not null or outcome is not null)',
            'the answer, because the row says when or how it was answered', "''"
        )
        + rule(
            'required', 'answered_on', 'answer is not null and answered_on is null',
            'the day of the answer', "''"
        )
    ) }}
{%- endmacro %}

{# A figure belongs to a participant, to a team, or to the company when neither is named. #}
{% macro two_scopes() -%}
    {{ return(rule(
        'scope', 'team_id', 'participant_id is not null and team_id is not null',
        'a participant or a team, not both'
    )) }}
{%- endmacro %}
