{{ config(materialized='table', meta=by_batch('deal_stages')) }}
-- One row per landed row of deal_stages: typed, with the first rule of its own that it breaks.
with

delivered as (select * from {{ source('landing', 'deal_stages') }}),

typed as (
    select
        _batch_no,
        _row,
        deal_id,
        stage,
        {{ as_instant('entered_at') }} as entered_at,
        {{ as_integer('stage_order') }} as stage_order,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['entered_at', 'stage_order', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = mistyped(['entered_at'], 'instant')
                + empty_key(['deal_id', 'entered_at']),
            row = mistyped(['stage_order'], 'integer')
                + off_calendar(['entered_at'])
                + required(['stage'])
                + negative(['stage_order'])
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        deal_id,
        stage,
        entered_at,
        stage_order,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
