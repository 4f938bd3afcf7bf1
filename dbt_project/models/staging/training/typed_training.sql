{{ config(materialized='table', meta=by_batch('training')) }}
-- One row per landed row of training: typed, with the first rule of its own that it breaks.
with

delivered as (select * from {{ source('landing', 'training') }}),

typed as (
    select
        _batch_no,
        _row,
        participant_id,
        course,
        topic,
        {{ as_date('assigned_on') }} as assigned_on,
        {{ as_date('completed_on') }} as completed_on,
        {{ as_number('score') }} as score,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['assigned_on', 'completed_on', 'score', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['participant_id', 'course']),
            row = mistyped(['assigned_on', 'completed_on'], 'date')
                + mistyped(['score'], 'number')
                + off_calendar(['assigned_on', 'completed_on'])
                + negative(['score'])
                + end_before_start('assigned_on', 'completed_on')
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        participant_id,
        course,
        topic,
        assigned_on,
        completed_on,
        score,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
