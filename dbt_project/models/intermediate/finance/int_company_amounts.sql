{{ config(materialized='view') }}
-- One row per won deal, invoice, payment and credit note: its month and amount in the company's currency, with the deal
-- and invoice it names. A row whose currency has no rate on its day is in quarantine, so every amount here has one.
with

deals as (select * from {{ ref('stg_deals') }} where status = 'won'),

invoices as (select * from {{ ref('stg_invoices') }}),

payments as (select * from {{ ref('stg_payments') }}),

credit_notes as (select * from {{ ref('stg_credit_notes') }}),

fx_rates as (select * from {{ ref('int_fx_rates') }}),

run as (select * from {{ source('inputs', 'run') }}),

-- Credit notes are delivered without a currency: theirs is the invoice's.
invoice_currencies as (
    select
        invoice_id,
        min(currency) as currency
    from invoices
    where invoice_id in (select invoice_id from credit_notes)
    group by invoice_id
),

moved as (
    select
        'deal' as kind, deal_id as item_id, deal_id, null as invoice_id, won_on as moved_on,
        {{ money('coalesce(amount, 0)') }} as amount, {{ money('0') }} as tax_amount, currency
    from deals
    union all
    select
        'invoice' as kind, invoice_id as item_id, deal_id, invoice_id, invoiced_on as moved_on,
        amount, {{ money('coalesce(tax_amount, 0)') }} as tax_amount, currency
    from invoices
    union all
    select
        'payment' as kind, payment_id as item_id, deal_id, invoice_id, paid_on as moved_on,
        amount, {{ money('0') }} as tax_amount, currency
    from payments
    union all
    select
        'credit_note' as kind, credit_notes.credit_note_id as item_id, credit_notes.deal_id, credit_notes.invoice_id,
        credit_notes.credited_on as moved_on, credit_notes.amount, {{ money('0') }} as tax_amount,
        coalesce(invoice_currencies.currency, run.currency) as currency
    from credit_notes
    left join invoice_currencies on credit_notes.invoice_id = invoice_currencies.invoice_id
    cross join run
),

company_amounts as (
    select
        moved.kind,
        moved.item_id,
        moved.deal_id,
        moved.invoice_id,
        strftime(moved.moved_on, '%Y-%m') as period,
        moved.amount,
        moved.tax_amount,
        moved.currency,
        coalesce(fx_rates.rate, 0) as fx_rate
    from moved
    left join fx_rates
        on
            moved.currency = fx_rates.currency
            and moved.moved_on >= fx_rates.valid_from
            and moved.moved_on < fx_rates.valid_to
    cross join run
    where moved.moved_on <= run.period_ends_on
)

select * from company_amounts
