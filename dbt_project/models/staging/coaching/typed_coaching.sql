{{ config(materialized='table', meta=by_batch('coaching')) }}
-- One row per landed row of coaching: typed, with the first rule of its own that it breaks.
with

delivered as (select * from {{ source('landing', 'coaching') }}),

typed as (
    select
        _batch_no,
        _row,
        session_id,
        participant_id,
        coach_id,
        {{ as_date('held_on') }} as held_on,
        notes_ref,
        agreed_actions,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['held_on', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['session_id']),
            row = mistyped(['held_on'], 'date')
                + off_calendar(['held_on'])
                + required(['participant_id'])
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        session_id,
        participant_id,
        coach_id,
        held_on,
        notes_ref,
        agreed_actions,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
