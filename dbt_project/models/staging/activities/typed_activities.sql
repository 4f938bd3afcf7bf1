{{ config(materialized='table', meta=by_batch('activities')) }}
-- One row per landed row of activities: typed, with the first rule of its own that it breaks.
with

delivered as (select * from {{ source('landing', 'activities') }}),

typed as (
    select
        _batch_no,
        _row,
        activity_id,
        participant_id,
        {{ as_word('kind') }} as kind,
        {{ as_instant('occurred_at') }} as occurred_at,
        account_id,
        deal_id,
        {{ as_instant('inquiry_at') }} as inquiry_at,
        {{ as_instant('responded_at') }} as responded_at,
        {{ as_word('outcome') }} as outcome,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['kind', 'occurred_at', 'inquiry_at', 'responded_at', 'outcome', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['activity_id']),
            row = mistyped(['occurred_at', 'inquiry_at', 'responded_at'], 'instant')
                + off_calendar(['occurred_at', 'inquiry_at', 'responded_at'])
                + required(['participant_id', 'kind', 'occurred_at'])
                + unknown_value('kind', ['call', 'visit', 'demo', 'proposal', 'content', 'coaching'])
                + unknown_value('outcome', ['accepted', 'rejected'])
                + end_before_start('inquiry_at', 'responded_at')
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        activity_id,
        participant_id,
        kind,
        occurred_at,
        account_id,
        deal_id,
        inquiry_at,
        responded_at,
        outcome,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
