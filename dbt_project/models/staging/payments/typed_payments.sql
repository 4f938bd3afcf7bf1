{{ config(materialized='table', meta=by_batch('payments', 'priced_payments')) }}
-- One row per landed row of payments: typed, with the first rule of its own that it breaks.
-- Refunds are negative. currency: not delivered, the deal's, else the invoice's, else the company's.
with

delivered as (select * from {{ source('landing', 'payments') }}),

company as (select currency as company_currency from {{ source('inputs', 'run') }}),

priced as (select _batch_no as priced_batch_no, _row as priced_row, found_currency from {{ ref('priced_payments') }}),

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
        coalesce(currency, found_currency, company_currency) as currency,
        {{ verdict_columns() }}
    from judged
    cross join company
    left join priced on _batch_no = priced_batch_no and _row = priced_row
)

select * from verdicts
