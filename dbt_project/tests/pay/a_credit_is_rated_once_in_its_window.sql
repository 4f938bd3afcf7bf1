{{ config(meta={'local': {'by': ['window_id'], 'rests_on': {
    'int_rated_lines': ['window_id'],
    'int_window_credits': ['window_id']
}}}) }}
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
