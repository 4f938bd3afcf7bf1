{{ config(materialized='view') }}
-- One row per invoice that a payment or credit note without a deal names, and deal on it: the deal's part of the invoice. A
-- deal that is in quarantine, or not known, keeps its part: nobody else is paid by its cash (is_staged tells them apart).
with

typed as (select * from {{ ref('typed_invoices') }}),

rejected as (select * from {{ ref('rejected_invoices') }}),

asked as (
    select invoice_id from {{ ref('stg_payments') }} where deal_id is null
    union
    select invoice_id from {{ ref('stg_credit_notes') }} where deal_id is null
),

named as (
    select
        typed.invoice_id,
        typed.deal_id,
        typed.account_id,
        typed.currency,
        typed.amount,
        typed.is_deleted,
        rejected._batch_no is null as is_staged,
        row_number() over (
            partition by typed.invoice_id, typed.deal_id order by typed._batch_no desc, typed._row desc
        ) as version_no
    from typed
    inner join asked on typed.invoice_id = asked.invoice_id
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where
        typed._broken is null
        and (rejected._batch_no is null or rejected.field = 'deal_id' or typed.is_deleted)
),

newest as (select * from named where version_no = 1 and not is_deleted),

totals as (
    select invoice_id, sum(amount) as invoice_amount, count(*) as deal_count
    from newest
    group by invoice_id
),

invoice_parts as (
    select
        newest.invoice_id,
        newest.deal_id,
        newest.account_id,
        newest.currency,
        newest.is_staged,
        case
            when totals.deal_count = 1 then 1
            when totals.invoice_amount = 0 then {{ ratio('1', 'totals.deal_count') }}
            else {{ ratio('newest.amount', 'totals.invoice_amount') }}
        end as share
    from newest
    inner join totals on newest.invoice_id = totals.invoice_id
)

select * from invoice_parts
