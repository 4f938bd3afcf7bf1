{{ config(materialized='table', meta=by_batch('deal_splits')) }}
-- One row per landed row of deal_splits: typed, with the first rule of its own that it breaks.
-- credit_role: not delivered, owner; any other name is an overlay.
with

delivered as (select * from {{ source('landing', 'deal_splits') }}),

typed as (
    select
        _batch_no,
        _row,
        deal_id,
        participant_id,
        {{ as_share('share') }} as share,
        credit_role,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['share', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['deal_id', 'participant_id']),
            row = mistyped(['share'], 'share')
                + required(['share'])
                + not_a_fraction(['share'])
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        deal_id,
        participant_id,
        share,
        case when credit_role is null or lower(credit_role) = 'owner' then 'owner' else credit_role end as credit_role,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
