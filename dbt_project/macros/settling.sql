{# The deal a line of earnings belongs to; a line of an invoice, payment or credit note names its deal as its line. #}
{% macro deal_of_line(lines) -%}
    case
        when {{ lines }}.transaction_type in ('deal', 'clawback') then {{ lines }}.transaction_id
        when {{ lines }}.transaction_type in ('invoice', 'payment', 'credit_note') then {{ lines }}.line
    end
{%- endmacro %}

{# The window of a line where each transaction is one: as int_windows names it; what limits make of it names it itself. #}
{% macro transaction_window_of(lines) -%}
    case
        when {{ lines }}.transaction_id = '' then nullif({{ lines }}.line, '')
        when {{ lines }}.transaction_type = 'clawback'
            then 'clawback ' || {{ lines }}.transaction_id || ' on ' || strftime({{ lines }}.credited_on, '%Y-%m-%d')
        else {{ lines }}.transaction_type || ' ' || {{ lines }}.transaction_id
    end
{%- endmacro %}

{# True when some plan waits for invoices or cash, or takes back on refunds or credit notes. #}
{% macro finance_is_settled() -%}
    (
        exists (select 1 from {{ source('inputs', 'pay_terms') }} where pay_when <> 'booked')
        or exists (select 1 from {{ source('inputs', 'clawbacks') }} where on_refund or on_credit_note)
    )
{%- endmacro %}

{# What each draw or deduction is of: the components it names, else all of its plan that are settled before it, those of
   other versions included (what they earned may become payable now). #}
{% macro components_of(type, settled_later) -%}
    select plan_version_id, component, of_plan, of_component from {{ source('inputs', 'component_of') }}
    union all
    select own.plan_version_id, own.component, own.plan as of_plan, others.component as of_component
    from {{ source('inputs', 'components') }} as own
    inner join (
        select distinct plan, component
        from {{ source('inputs', 'components') }}
        where type not in ({{ "'" ~ settled_later | join("', '") ~ "'" }})
    ) as others on own.plan = others.plan
    left join (
        select distinct plan_version_id, component from {{ source('inputs', 'component_of') }}
    ) as named on own.plan_version_id = named.plan_version_id and own.component = named.component
    where own.type = '{{ type }}' and named.component is null
{%- endmacro %}
