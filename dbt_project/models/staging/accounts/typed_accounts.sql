{{ config(materialized='table', meta=by_batch('accounts')) }}
-- One row per landed row of accounts: typed, with the first rule of its own that it breaks.
-- An unknown owner does not cost the account its row: nobody is paid by it.
with

delivered as (select * from {{ source('landing', 'accounts') }}),

typed as (
    select
        _batch_no,
        _row,
        account_id,
        name,
        segment,
        industry,
        region,
        owner_id,
        {{ as_date('created_on') }} as created_on,
        parent_account_id,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['created_on', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['account_id']),
            row = mistyped(['created_on'], 'date')
                + off_calendar(['created_on'])
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        account_id,
        name,
        segment,
        industry,
        region,
        owner_id,
        created_on,
        parent_account_id,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
