{{ config(materialized='view') }}
-- One row per renewal: its latest valid version.
with

typed as (select * from {{ ref('typed_renewals') }}),

rejected as (select * from {{ ref('rejected_renewals') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.renewal_id,
        typed.account_id,
        typed.owner_id,
        typed.due_on,
        typed.value_due,
        typed.value_renewed,
        typed.decided_on
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
