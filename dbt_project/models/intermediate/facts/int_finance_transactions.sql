-- One row per invoice, payment and credit note, and deal it concerns; none when neither a KPI nor a plan asks for them.
-- Amounts gross as delivered (net_amount: less tax), signed as they count: credit notes reduce what was billed, refunds what was received.
-- A payment or credit note without a deal is spread over its invoice's deals by amount; the part of a deal that is in
-- quarantine waits with it.
with

invoices as (
    select * from {{ ref('stg_invoices') }} where {{ is_requested('finance') }} or {{ finance_is_settled() }}
),

payments as (
    select * from {{ ref('stg_payments') }} where {{ is_requested('finance') }} or {{ finance_is_settled() }}
),

credit_notes as (
    select * from {{ ref('stg_credit_notes') }} where {{ is_requested('finance') }} or {{ finance_is_settled() }}
),

currencies as (select * from {{ source('inputs', 'currencies') }}),

-- Credit notes are delivered without a currency: theirs is the invoice's.
without_deal as (
    select
        'payment' as transaction_type, payment_id as transaction_id, invoice_id, paid_on as transacted_on,
        amount, coalesce(tax_amount, 0) as tax_amount, currency
    from payments
    where deal_id is null
    union all
    select
        'credit_note' as transaction_type, credit_note_id as transaction_id, invoice_id, credited_on as transacted_on,
        -amount as amount, -coalesce(tax_amount, 0) as tax_amount, null as currency
    from credit_notes
    where deal_id is null
),

invoice_parts as (select * from {{ ref('int_invoice_parts') }}),

spread as (
    select
        without_deal.transaction_type,
        without_deal.transaction_id,
        invoice_parts.deal_id,
        invoice_parts.account_id,
        without_deal.transacted_on,
        without_deal.amount,
        without_deal.amount - without_deal.tax_amount as net_amount,
        coalesce(without_deal.currency, invoice_parts.currency) as currency,
        coalesce(invoice_parts.share, 1) as share,
        coalesce(invoice_parts.is_staged, true) as is_staged,
        row_number() over (
            partition by without_deal.transaction_type, without_deal.transaction_id
            order by invoice_parts.share desc, invoice_parts.deal_id asc
        ) as precedence
    from without_deal
    left join invoice_parts on without_deal.invoice_id = invoice_parts.invoice_id
),

cut as (
    select
        spread.*,
        {{ minor_unit('coalesce(currencies.minor_units, 2)') }} as unit,
        {{ cut_part('spread.amount', 'spread.share', minor_unit('coalesce(currencies.minor_units, 2)')) }}
            as cut_amount,
        {{ cut_part('spread.net_amount', 'spread.share', minor_unit('coalesce(currencies.minor_units, 2)')) }}
            as cut_net
    from spread
    left join currencies on spread.currency = currencies.currency
),

left_over as (
    select
        *,
        {{ money('amount - sum(cut_amount) over (partition by transaction_type, transaction_id)') }} as left_amount,
        {{ money('net_amount - sum(cut_net) over (partition by transaction_type, transaction_id)') }} as left_net
    from cut
),

transactions as (
    select
        'invoice' as transaction_type, invoice_id as transaction_id, deal_id, account_id, invoiced_on as transacted_on,
        coalesce(due_on, invoiced_on) as due_on, amount, amount - coalesce(tax_amount, 0) as net_amount, currency
    from invoices
    union all
    select
        'payment' as transaction_type, payment_id as transaction_id, deal_id, null as account_id,
        paid_on as transacted_on, null as due_on, amount, amount - coalesce(tax_amount, 0) as net_amount, currency
    from payments
    where deal_id is not null
    union all
    select
        'credit_note' as transaction_type, credit_notes.credit_note_id as transaction_id, credit_notes.deal_id,
        invoices.account_id, credit_notes.credited_on as transacted_on, null as due_on, -credit_notes.amount as amount,
        coalesce(credit_notes.tax_amount, 0) - credit_notes.amount as net_amount, invoices.currency
    from credit_notes
    left join invoices on credit_notes.invoice_id = invoices.invoice_id and credit_notes.deal_id = invoices.deal_id
    where credit_notes.deal_id is not null
    union all
    select
        transaction_type, transaction_id, deal_id, account_id, transacted_on, null as due_on,
        {{ money("cut_amount + " ~ returned_part('left_amount', 'precedence', 'unit')) }} as amount,
        {{ money("cut_net + " ~ returned_part('left_net', 'precedence', 'unit')) }} as net_amount,
        currency
    from left_over
    where is_staged
),

finance_transactions as (
    select
        transaction_type,
        transaction_id,
        coalesce(deal_id, '1') as line,
        deal_id,
        account_id,
        transacted_on,
        due_on,
        amount,
        {{ money('net_amount') }} as net_amount,
        currency
    from transactions
)

select * from finance_transactions
