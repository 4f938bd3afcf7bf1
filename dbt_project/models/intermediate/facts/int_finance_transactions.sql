-- One row per invoice, payment and credit note, and deal it concerns. Amounts gross as delivered, signed as they count:
-- credit notes reduce what was billed, refunds what was received. `due` rows are the invoices once more, on their due day.
-- A payment or credit note without a deal is spread over its invoice's deals by amount.
with

invoices as (select * from {{ ref('stg_invoices') }} where {{ is_requested('finance') }}),

payments as (select * from {{ ref('stg_payments') }} where {{ is_requested('finance') }}),

credit_notes as (select * from {{ ref('stg_credit_notes') }} where {{ is_requested('finance') }}),

due_requests as (
    select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'collection_rate' and variant = 'due'
),

deals as (select deal_id, account_id, currency from {{ ref('stg_deals') }}),

company as (select * from {{ source('inputs', 'run') }}),

currencies as (select * from {{ source('inputs', 'currencies') }}),

invoice_totals as (
    select invoice_id, sum(amount) as invoice_amount, count(*) as deal_count
    from invoices
    group by invoice_id
    having count(*) > 1
),

invoice_parts as (
    select
        invoices.invoice_id,
        invoices.deal_id,
        invoices.account_id,
        invoices.currency,
        case
            when invoice_totals.invoice_id is null then 1
            when invoice_totals.invoice_amount = 0 then {{ ratio('1', 'invoice_totals.deal_count') }}
            else {{ ratio('invoices.amount', 'invoice_totals.invoice_amount') }}
        end as share
    from invoices
    left join invoice_totals on invoices.invoice_id = invoice_totals.invoice_id
),

flows as (
    select
        'payment' as transaction_type,
        payment_id as transaction_id,
        invoice_id,
        deal_id,
        paid_on as transacted_on,
        amount,
        currency
    from payments
    union all
    select
        'credit_note' as transaction_type,
        credit_note_id as transaction_id,
        invoice_id,
        deal_id,
        credited_on as transacted_on,
        -amount as amount,
        null as currency
    from credit_notes
),

related as (
    select
        flows.transaction_type,
        flows.transaction_id,
        coalesce(flows.deal_id, invoice_parts.deal_id) as deal_id,
        invoice_parts.account_id,
        flows.transacted_on,
        flows.amount,
        coalesce(flows.currency, invoice_parts.currency) as currency,
        case when flows.deal_id is null then coalesce(invoice_parts.share, 1) else 1 end as share
    from flows
    left join invoice_parts
        on
            flows.invoice_id = invoice_parts.invoice_id
            and (flows.deal_id is null or flows.deal_id = invoice_parts.deal_id)
),

cut as (
    select
        related.*,
        {{ minor_unit('coalesce(currencies.minor_units, 2)') }} as unit,
        row_number() over (
            partition by related.transaction_type, related.transaction_id order by related.share desc, related.deal_id
        ) as precedence,
        {{ cut_part('related.amount', 'related.share', minor_unit('coalesce(currencies.minor_units, 2)')) }} as cut_amount
    from related
    left join currencies on related.currency = currencies.currency
    where related.share <> 1
),

left_over as (
    select
        *,
        {{ money('amount - sum(cut_amount) over (partition by transaction_type, transaction_id)') }} as left_amount
    from cut
),

transactions as (
    select transaction_type, transaction_id, deal_id, account_id, transacted_on, transacted_on as rated_on, amount, currency
    from related
    where share = 1
    union all
    select
        transaction_type,
        transaction_id,
        deal_id,
        account_id,
        transacted_on,
        transacted_on as rated_on,
        {{ money("cut_amount + " ~ returned_part('left_amount', 'precedence', 'unit')) }} as amount,
        currency
    from left_over
    union all
    select
        'invoice' as transaction_type,
        invoice_id as transaction_id,
        deal_id,
        account_id,
        invoiced_on as transacted_on,
        invoiced_on as rated_on,
        amount,
        currency
    from invoices
    union all
    select
        'due' as transaction_type,
        invoice_id as transaction_id,
        deal_id,
        account_id,
        coalesce(due_on, invoiced_on) as transacted_on,
        invoiced_on as rated_on,
        amount,
        currency
    from invoices
    where exists (select 1 from due_requests)
),

finance_transactions as (
    select
        transactions.transaction_type,
        transactions.transaction_id,
        coalesce(transactions.deal_id, '1') as line,
        transactions.deal_id,
        coalesce(deals.account_id, transactions.account_id) as account_id,
        transactions.transacted_on,
        transactions.rated_on,
        transactions.amount,
        coalesce(transactions.currency, deals.currency, company.currency) as currency
    from transactions
    cross join company
    left join deals on transactions.deal_id = deals.deal_id
)

select * from finance_transactions
