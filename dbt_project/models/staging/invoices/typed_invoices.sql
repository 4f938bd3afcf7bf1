{{ config(materialized='table', meta=by_batch('invoices', 'priced_invoices')) }}
-- One row per landed row of invoices: typed, with the first rule of its own that it breaks.
-- What reduces an invoice is a credit note, so amounts are not negative. currency: not delivered, the deal's, else
-- the company's.
with

delivered as (select * from {{ source('landing', 'invoices') }}),

company as (select currency as company_currency from {{ source('inputs', 'run') }}),

priced as (select _batch_no as priced_batch_no, _row as priced_row, deal_currency from {{ ref('priced_invoices') }}),

typed as (
    select
        _batch_no,
        _row,
        invoice_id,
        deal_id,
        account_id,
        {{ as_date('invoiced_on') }} as invoiced_on,
        {{ as_date('due_on') }} as due_on,
        {{ as_money('amount') }} as amount,
        {{ as_money('tax_amount') }} as tax_amount,
        {{ as_code('currency') }} as currency,
        status,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['invoiced_on', 'due_on', 'amount', 'tax_amount', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['invoice_id']),
            row = mistyped(['invoiced_on', 'due_on'], 'date')
                + mistyped(['amount', 'tax_amount'], 'money')
                + off_calendar(['invoiced_on', 'due_on'])
                + required(['invoiced_on', 'amount'])
                + negative(['amount'])
                + tax_beyond_amount()
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        invoice_id,
        deal_id,
        account_id,
        invoiced_on,
        due_on,
        amount,
        tax_amount,
        coalesce(currency, deal_currency, company_currency) as currency,
        status,
        {{ verdict_columns() }}
    from judged
    cross join company
    left join priced on _batch_no = priced_batch_no and _row = priced_row
)

select * from verdicts
