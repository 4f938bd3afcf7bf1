{{ config(materialized='table', meta=by_batch('leads')) }}
-- One row per landed row of leads: typed, with the first rule of its own that it breaks.
with

delivered as (select * from {{ source('landing', 'leads') }}),

typed as (
    select
        _batch_no,
        _row,
        lead_id,
        owner_id,
        source,
        {{ as_date('created_on') }} as created_on,
        {{ as_date('qualified_on') }} as qualified_on,
        {{ as_date('converted_on') }} as converted_on,
        deal_id,
        {{ as_date('lost_on') }} as lost_on,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['created_on', 'qualified_on', 'converted_on', 'lost_on', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['lead_id']),
            row = mistyped(['created_on', 'qualified_on', 'converted_on', 'lost_on'], 'date')
                + off_calendar(['created_on', 'qualified_on', 'converted_on', 'lost_on'])
                + required(['created_on'])
                + end_before_start('created_on', 'qualified_on')
                + end_before_start('created_on', 'converted_on')
                + end_before_start('created_on', 'lost_on')
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        lead_id,
        owner_id,
        source,
        created_on,
        qualified_on,
        converted_on,
        deal_id,
        lost_on,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
