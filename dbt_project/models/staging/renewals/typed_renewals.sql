{{ config(materialized='table', meta=by_batch('renewals')) }}
-- One row per landed row of renewals: typed, with the first rule of its own that it breaks.
with

delivered as (select * from {{ source('landing', 'renewals') }}),

typed as (
    select
        _batch_no,
        _row,
        renewal_id,
        account_id,
        owner_id,
        {{ as_date('due_on') }} as due_on,
        {{ as_money('value_due') }} as value_due,
        {{ as_money('value_renewed') }} as value_renewed,
        {{ as_date('decided_on') }} as decided_on,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['due_on', 'value_due', 'value_renewed', 'decided_on', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['renewal_id']),
            row = mistyped(['due_on', 'decided_on'], 'date')
                + mistyped(['value_due', 'value_renewed'], 'money')
                + off_calendar(['due_on', 'decided_on'])
                + negative(['value_due', 'value_renewed'])
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        renewal_id,
        account_id,
        owner_id,
        due_on,
        value_due,
        value_renewed,
        decided_on,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
