{# The deal a line of earnings belongs to; a line of an invoice, payment or credit note names its deal as its line. #}
{% macro deal_of_line(lines) -%}
    case
        when {{ lines }}.transaction_type in ('deal', 'clawback') then {{ lines }}.transaction_id
        when {{ lines }}.transaction_type in ('invoice', 'payment', 'credit_note') then {{ lines }}.line
    end
{%- endmacro %}

{# True when some plan waits for invoices or cash, or takes back on refunds or credit notes. #}
{% macro finance_is_settled() -%}
    (
        exists (select 1 from {{ source('inputs', 'pay_terms') }} where pay_when <> 'booked')
        or exists (select 1 from {{ source('inputs', 'clawbacks') }} where on_refund or on_credit_note)
    )
{%- endmacro %}
