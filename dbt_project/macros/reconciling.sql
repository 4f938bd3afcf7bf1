{# The CTEs a sale is related by: won deals and invoices with the rates of their currencies, and those whose other side
   waits in quarantine. `named_in`: a CTE before them that names all that is looked for, when that is a part of the whole. #}
{% macro settled_by(named_in=none) -%}
quarantined as (
    select stream, _batch_no, _row
    from {{ ref('int_quarantined_rows') }}
    where stream in ('invoices', 'payments') and resolved_batch_no is null
),

unbilled_deals as (
    select distinct typed.deal_id
    from {{ ref('typed_invoices') }} as typed
    inner join quarantined
        on
            quarantined.stream = 'invoices'
            and typed._batch_no = quarantined._batch_no
            and typed._row = quarantined._row
),

unpaid_invoices as (
    select distinct typed.invoice_id
    from {{ ref('typed_payments') }} as typed
    inner join quarantined
        on
            quarantined.stream = 'payments'
            and typed._batch_no = quarantined._batch_no
            and typed._row = quarantined._row
),

deals as (
    select
        deal_id,
        fx_rate,
        currency
    from {{ ref('int_company_amounts') }}
    where kind = 'deal' {% if named_in %}and deal_id in (select deal_id from {{ named_in }}){% endif %}
),

invoices as (
    select
        invoice_id,
        min(fx_rate) as fx_rate,
        min(currency) as currency
    from {{ ref('int_company_amounts') }}
    where kind = 'invoice' {% if named_in %}and invoice_id in (select invoice_id from {{ named_in }}){% endif %}
    group by invoice_id
)
{%- endmacro %}

{# Sales with what they settle, in the company's currency: at their own rate, and at that of their deal or invoice (a
   movement in another currency than what it settles keeps its own). Net is without tax. An invoice is of a deal, what is
   collected of an invoice, else of a deal; nothing else is looked for, because the joins are as large as the company. #}
{% macro related_sales(amounts) -%}
    select
        amounts.kind,
        amounts.period,
        amounts.item_id,
        amounts.deal_id,
        amounts.invoice_id,
        deals.deal_id is not null as is_of_won_deal,
        invoices.invoice_id is not null as is_of_invoice,
        case when unbilled_deals.deal_id is null then 'timing' else 'quarantined' end as billing_reason,
        case when unpaid_invoices.invoice_id is null then 'timing' else 'quarantined' end as payment_reason,
        {{ converted('amounts.amount', 'amounts.fx_rate') }} as at_own,
        {{ converted('amounts.tax_amount', 'amounts.fx_rate') }} as tax_at_own,
        {{ converted('amounts.amount - amounts.tax_amount', 'amounts.fx_rate') }} as net_at_own,
        {{ converted(
            'amounts.amount - amounts.tax_amount',
            'case when deals.currency = amounts.currency then deals.fx_rate else amounts.fx_rate end'
        ) }} as net_at_deal,
        {{ converted(
            'amounts.amount',
            'case when invoices.currency = amounts.currency then invoices.fx_rate else amounts.fx_rate end'
        ) }} as at_invoice
    from {{ amounts }} as amounts
    left join invoices
        on case when amounts.kind in ('payment', 'credit_note') then amounts.invoice_id end = invoices.invoice_id
    left join deals
        on
            case when amounts.kind = 'invoice' or amounts.kind = 'payment' and invoices.invoice_id is null then amounts.deal_id end
            = deals.deal_id
    left join unbilled_deals on amounts.deal_id = unbilled_deals.deal_id
    left join unpaid_invoices on amounts.invoice_id = unpaid_invoices.invoice_id
{%- endmacro %}

{# Both sides of what was won and invoiced, and of what was invoiced and collected, from related sales or sums of them. #}
{% macro sides_of_sales(sales) -%}
    {% for control, reason, item, left_amount, right_amount, which in [
        ('won_invoiced', 'billing_reason', 'deal_id', 'at_own', '0', "kind = 'deal'"),
        ('won_invoiced', 'billing_reason', 'deal_id', '0', 'net_at_deal', "kind = 'invoice' and is_of_won_deal"),
        ('won_invoiced', "'currency'", 'item_id', '0', 'net_at_own - net_at_deal', "kind = 'invoice' and is_of_won_deal"),
        ('won_invoiced', "'tax'", 'item_id', '0', 'tax_at_own', "kind = 'invoice' and is_of_won_deal"),
        ('won_invoiced', "'excluded'", 'item_id', '0', 'at_own', "kind = 'invoice' and not is_of_won_deal"),
        ('won_invoiced', "'credit_note'", 'item_id', '0', '-at_own', "kind = 'credit_note'"),
        ('invoiced_collected', 'payment_reason', 'invoice_id', 'at_own', '0', "kind = 'invoice'"),
        ('invoiced_collected', 'payment_reason', 'coalesce(invoice_id, deal_id, item_id)', '-at_invoice', '0',
            "kind = 'credit_note'"),
        ('invoiced_collected', "'currency'", 'item_id', 'at_invoice - at_own', '0', "kind = 'credit_note'"),
        ('invoiced_collected', 'payment_reason', 'case when is_of_invoice then invoice_id else deal_id end', '0',
            'at_invoice', "kind = 'payment' and (is_of_invoice or is_of_won_deal)"),
        ('invoiced_collected', "'currency'", 'item_id', '0', 'at_own - at_invoice', "kind = 'payment' and is_of_invoice"),
        ('invoiced_collected', "'excluded'", 'item_id', '0', 'at_own',
            "kind = 'payment' and not is_of_invoice and not is_of_won_deal"),
    ] %}
        select
            '{{ control }}' as control,
            period,
            {{ item }} as item_id,
            {{ reason }} as reason,
            {{ left_amount }} as left_amount,
            {{ right_amount }} as right_amount
        from {{ sales }}
        where {{ which }}
        {{ "union all" if not loop.last }}
    {% endfor %}
{%- endmacro %}
