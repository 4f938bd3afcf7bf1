{{ config(materialized='table', meta=by_batch('credit_notes')) }}
-- One row per landed row of credit_notes: typed, with the first rule of its own that it breaks.
with

delivered as (select * from {{ source('landing', 'credit_notes') }}),

typed as (
    select
        _batch_no,
        _row,
        credit_note_id,
        invoice_id,
        deal_id,
        {{ as_date('credited_on') }} as credited_on,
        {{ as_money('amount') }} as amount,
        {{ as_money('tax_amount') }} as tax_amount,
        reason,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['credited_on', 'amount', 'tax_amount', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['credit_note_id']),
            row = mistyped(['credited_on'], 'date')
                + mistyped(['amount', 'tax_amount'], 'money')
                + off_calendar(['credited_on'])
                + required(['credited_on', 'amount'])
                + negative(['amount'])
                + tax_beyond_amount()
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        credit_note_id,
        invoice_id,
        deal_id,
        credited_on,
        amount,
        tax_amount,
        reason,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
