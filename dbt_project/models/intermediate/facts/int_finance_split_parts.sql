-- One row per invoice, payment and credit note of a shared deal and sharing participant: their parts, which add up to
-- the transaction exactly, as for the deal itself.
with

transactions as (select * from {{ ref('int_finance_transactions') }}),

shares as (select * from {{ ref('int_split_shares') }}),

currencies as (select * from {{ source('inputs', 'currencies') }}),

cut as (
    select
        transactions.transaction_type,
        transactions.transaction_id,
        transactions.line,
        transactions.amount,
        shares.participant_id,
        shares.precedence,
        {{ minor_unit('coalesce(currencies.minor_units, 2)') }} as unit,
        {{ cut_part('transactions.amount', 'shares.share', minor_unit('coalesce(currencies.minor_units, 2)')) }}
            as cut_amount
    from transactions
    inner join shares on transactions.deal_id = shares.deal_id
    left join currencies on transactions.currency = currencies.currency
),

left_over as (
    select
        *,
        {{ money('amount - sum(cut_amount) over (partition by transaction_type, transaction_id, line)') }}
            as left_amount
    from cut
),

split_parts as (
    select
        transaction_type,
        transaction_id,
        line,
        participant_id,
        {{ money("cut_amount + " ~ returned_part('left_amount', 'precedence', 'unit')) }} as amount
    from left_over
)

select * from split_parts
