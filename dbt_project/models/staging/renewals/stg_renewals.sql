{{ config(materialized='view') }}
-- One row per renewal: its latest valid version.
with

typed as (select * from {{ ref('typed_renewals') }}),

staged as (
    select
        _batch_no,
        _row,
        renewal_id,
        account_id,
        owner_id,
        due_on,
        value_due,
        value_renewed,
        decided_on
    from typed
    where {{ is_none_of('typed', [ref('rejected_renewals')]) }}
)

select * from staged
