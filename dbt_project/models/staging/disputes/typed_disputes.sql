{{ config(materialized='table', meta=by_batch('disputes')) }}
-- One row per landed row of disputes: typed, with the first rule of its own that it breaks.
with

delivered as (select * from {{ source('landing', 'disputes') }}),

typed as (
    select
        _batch_no,
        _row,
        dispute_id,
        participant_id,
        period,
        {{ as_integer('line') }} as line,
        source_ref,
        question,
        {{ as_date('raised_on') }} as raised_on,
        answer,
        {{ as_date('answered_on') }} as answered_on,
        answered_by,
        {{ as_word('outcome') }} as outcome,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['line', 'raised_on', 'answered_on', 'outcome', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['dispute_id']),
            row = mistyped(['line'], 'integer')
                + mistyped(['raised_on', 'answered_on'], 'date')
                + off_calendar(['raised_on', 'answered_on'])
                + required(['participant_id', 'period', 'question', 'raised_on'])
                + required(['line'], only_when='source_ref is null')
                + unknown_month('period')
                + outside('line', 'line < 1', 'the number of a line of the statement, from 1 on')
                + end_before_start('raised_on', 'answered_on')
                + unknown_value('outcome', ['accepted', 'rejected', 'withdrawn'])
                + half_an_answer()
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        dispute_id,
        participant_id,
        period,
        line,
        source_ref,
        question,
        raised_on,
        answer,
        answered_on,
        answered_by,
        outcome,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
