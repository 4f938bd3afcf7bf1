{{ config(materialized='table') }}
-- One row per landed row of payments: typed, with the first rule of its own that it breaks.
-- Refunds are negative. currency: not delivered, the deal's, else the invoice's, else the company's.
with

delivered as (select * from {{ source('landing', 'payments') }}),

company as (select currency as company_currency from {{ source('inputs', 'run') }}),

deals as (select deal_id as priced_deal_id, currency as deal_currency from {{ ref('stg_deals') }}),

invoices as (
    select
        invoice_id as priced_invoice_id,
        min(currency) as invoice_currency
    from {{ ref('stg_invoices') }}
    group by invoice_id
),

typed as (
    select
        _batch_no,
        _row,
        payment_id,
        invoice_id,
        deal_id,
        {{ as_date('paid_on') }} as paid_on,
        {{ as_money('amount') }} as amount,
        {{ as_money('tax_amount') }} as tax_amount,
        {{ as_code('currency') }} as currency,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['paid_on', 'amount', 'tax_amount', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['payment_id']),
            row = mistyped(['paid_on'], 'date')
                + mistyped(['amount', 'tax_amount'], 'money')
                + off_calendar(['paid_on'])
                + required(['paid_on', 'amount'])
                + tax_beyond_amount()
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        payment_id,
        invoice_id,
        deal_id,
        paid_on,
        amount,
        tax_amount,
        coalesce(currency, deal_currency, invoice_currency, company_currency) as currency,
        {{ broken_rule_parts() }}
    from judged
    cross join company
    left join deals
        on case when currency is null then deal_id end = priced_deal_id
    left join invoices
        on case when currency is null then invoice_id end = priced_invoice_id
)

select * from verdicts
