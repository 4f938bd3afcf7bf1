{{ config(materialized='view') }}
-- One row per movement and reason on one side of two comparisons, in the company's currency: deals won with what was
-- invoiced, what was invoiced with what was collected. The same item and reason on both sides cancel out over time.
with

amounts as (select * from {{ ref('int_company_amounts') }}),

quarantined as (
    select stream, _batch_no, _row
    from {{ ref('int_quarantined_rows') }}
    where stream in ('invoices', 'payments') and resolved_batch_no is null
),

-- Deals and invoices whose other side waits in quarantine.
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

deals as (select deal_id, fx_rate, currency from amounts where kind = 'deal'),

invoices as (
    select
        invoice_id,
        min(fx_rate) as fx_rate,
        min(currency) as currency
    from amounts
    where kind = 'invoice'
    group by invoice_id
),

related as (
    select
        amounts.*,
        deals.deal_id is not null as is_of_won_deal,
        invoices.invoice_id is not null as is_of_invoice,
        -- A movement in another currency than what it settles is compared at its own rate.
        case when deals.currency = amounts.currency then deals.fx_rate else amounts.fx_rate end as deal_rate,
        case when invoices.currency = amounts.currency then invoices.fx_rate else amounts.fx_rate end as invoice_rate,
        case when unbilled_deals.deal_id is null then 'timing' else 'quarantined' end as billing_reason,
        case when unpaid_invoices.invoice_id is null then 'timing' else 'quarantined' end as payment_reason
    from amounts
    left join deals on amounts.deal_id = deals.deal_id
    left join invoices on amounts.invoice_id = invoices.invoice_id
    left join unbilled_deals on amounts.deal_id = unbilled_deals.deal_id
    left join unpaid_invoices on amounts.invoice_id = unpaid_invoices.invoice_id
),

won_invoiced as (
    select
        period, deal_id as item_id, billing_reason as reason, {{ converted('amount', 'fx_rate') }} as left_amount,
        0 as right_amount
    from related where kind = 'deal'
    union all
    select
        period, deal_id as item_id, billing_reason as reason, 0 as left_amount,
        {{ converted('amount - tax_amount', 'deal_rate') }} as right_amount
    from related where kind = 'invoice' and is_of_won_deal
    union all
    select
        period, item_id, 'currency' as reason, 0 as left_amount,
        {{ converted('amount - tax_amount', 'fx_rate') }} - {{ converted('amount - tax_amount', 'deal_rate') }}
            as right_amount
    from related where kind = 'invoice' and is_of_won_deal and fx_rate <> deal_rate
    union all
    select period, item_id, 'tax' as reason, 0 as left_amount, {{ converted('tax_amount', 'fx_rate') }} as right_amount
    from related where kind = 'invoice' and is_of_won_deal and tax_amount <> 0
    union all
    select period, item_id, 'excluded' as reason, 0 as left_amount, {{ converted('amount', 'fx_rate') }} as right_amount
    from related where kind = 'invoice' and not is_of_won_deal
    union all
    select
        period, item_id, 'credit_note' as reason, 0 as left_amount,
        -{{ converted('amount', 'fx_rate') }} as right_amount
    from related where kind = 'credit_note'
),

invoiced_collected as (
    select
        period, invoice_id as item_id, payment_reason as reason, {{ converted('amount', 'fx_rate') }} as left_amount,
        0 as right_amount
    from related where kind = 'invoice'
    union all
    select
        period, coalesce(invoice_id, deal_id, item_id) as item_id, payment_reason as reason,
        -{{ converted('amount', 'invoice_rate') }} as left_amount, 0 as right_amount
    from related where kind = 'credit_note'
    union all
    select
        period, item_id, 'currency' as reason,
        {{ converted('amount', 'invoice_rate') }} - {{ converted('amount', 'fx_rate') }} as left_amount,
        0 as right_amount
    from related where kind = 'credit_note' and fx_rate <> invoice_rate
    union all
    select
        related.period,
        case when related.is_of_invoice then related.invoice_id else related.deal_id end as item_id,
        payment_reason as reason,
        0 as left_amount,
        {{ converted('related.amount', 'related.invoice_rate') }} as right_amount
    from related
    where related.kind = 'payment' and (related.is_of_invoice or related.is_of_won_deal)
    union all
    select
        period, item_id, 'currency' as reason, 0 as left_amount,
        {{ converted('amount', 'fx_rate') }} - {{ converted('amount', 'invoice_rate') }} as right_amount
    from related where kind = 'payment' and is_of_invoice and fx_rate <> invoice_rate
    union all
    select period, item_id, 'excluded' as reason, 0 as left_amount, {{ converted('amount', 'fx_rate') }} as right_amount
    from related where kind = 'payment' and not is_of_invoice and not is_of_won_deal
),

reconciled_sales as (
    select 'won_invoiced' as control, * from won_invoiced
    union all
    select 'invoiced_collected' as control, * from invoiced_collected
)

select * from reconciled_sales
