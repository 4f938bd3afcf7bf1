{{ config(materialized='table') }}
-- One row per landed row of payments: typed, with the first rule of its own that it breaks.
-- Refunds are negative. currency: not delivered, the deal's, else the invoice's, else the company's.
with

delivered as (select * from {{ source('landing', 'payments') }}),

company as (select currency as company_currency from {{ source('inputs', 'run') }}),

-- Looked up only for rows without a currency, which are none as a rule.
deals as (
    select deal_id as priced_deal_id, currency as deal_currency
    from {{ ref('stg_deals') }}
    where deal_id in (select deal_id from delivered where currency is null)
),

invoices as (
    select
        invoice_id as priced_invoice_id,
        min(currency) as invoice_currency
    from {{ ref('stg_invoices') }}
    where invoice_id in (select invoice_id from delivered where currency is null)
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
        {{ verdict_columns() }}
    from judged
    cross join company
    left join deals
        on case when currency is null then deal_id end = priced_deal_id
    left join invoices
        on case when currency is null then invoice_id end = priced_invoice_id
)

select * from verdicts
