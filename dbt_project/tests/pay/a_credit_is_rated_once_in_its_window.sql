{{ config(meta=local_by(['window_id'], ['int_rated_lines', 'int_window_credits'])) }}
-- However often a later month rates a credit anew: the parts of it that are paid add up to the credit.
with

rated as (
    select
        window_id,
        transaction_type,
        transaction_id,
        line,
        sum(basis_amount) as basis_amount
    from {{ ref('int_rated_lines') }}
    group by window_id, transaction_type, transaction_id, line
),

credits as (
    select
        window_id,
        transaction_type,
        transaction_id,
        line,
        sum(basis) as basis
    from {{ ref('int_window_credits') }}
    group by window_id, transaction_type, transaction_id, line
)

select
    credits.window_id,
    credits.transaction_id,
    credits.line,
    credits.basis,
    rated.basis_amount
from credits
full outer join rated
    on
        credits.window_id = rated.window_id
        and credits.transaction_type = rated.transaction_type
        and credits.transaction_id = rated.transaction_id
        and credits.line = rated.line
where coalesce(credits.basis, 0) <> coalesce(rated.basis_amount, 0)
