{# Invoices, payments and credit notes of deals, each net of tax and in its deal's currency at the rates of its day. The
   CTEs deals (deal_id, currency and what `deal_columns` names) and fx_rates (int_fx_rates) must be in scope. The key of a
   rate is NULL where none is needed, so that no row looks for one. #}
{% macro in_currency_of_deals(transactions, deal_columns=[]) -%}
    select
        {{ transactions }}.deal_id,
        {%- for column in deal_columns %}
        deals.{{ column }},
        {%- endfor %}
        {{ transactions }}.transaction_type,
        {{ transactions }}.transacted_on,
        case
            when coalesce({{ transactions }}.currency, deals.currency) = deals.currency then {{ transactions }}.net_amount
            else {{ money(times(transactions ~ '.net_amount', ratio('from_rates.rate', 'to_rates.rate'))) }}
        end as amount
    from {{ transactions }}
    inner join deals on {{ transactions }}.deal_id = deals.deal_id
    left join fx_rates as from_rates
        on
            case when {{ transactions }}.currency <> deals.currency then {{ transactions }}.currency end = from_rates.currency
            and {{ transactions }}.transacted_on >= from_rates.valid_from
            and {{ transactions }}.transacted_on < from_rates.valid_to
    left join fx_rates as to_rates
        on
            case when {{ transactions }}.currency <> deals.currency then deals.currency end = to_rates.currency
            and {{ transactions }}.transacted_on >= to_rates.valid_from
            and {{ transactions }}.transacted_on < to_rates.valid_to
{%- endmacro %}
