{{ config(materialized='table', meta=by_batch('absences')) }}
-- One row per landed row of absences: typed, with the first rule of its own that it breaks.
with

delivered as (select * from {{ source('landing', 'absences') }}),

typed as (
    select
        _batch_no,
        _row,
        participant_id,
        {{ as_date('from_date') }} as from_date,
        {{ as_date('to_date') }} as to_date,
        kind,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['from_date', 'to_date', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = mistyped(['from_date'], 'date')
                + empty_key(['participant_id', 'from_date']),
            row = mistyped(['to_date'], 'date')
                + off_calendar(['from_date', 'to_date'])
                + required(['to_date'])
                + end_before_start('from_date', 'to_date')
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        participant_id,
        from_date,
        to_date,
        kind,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
