{{ config(materialized='table', meta=by_batch('objectives')) }}
-- One row per landed row of objectives: typed, with the first rule of its own that it breaks.
with

delivered as (select * from {{ source('landing', 'objectives') }}),

typed as (
    select
        _batch_no,
        _row,
        objective_id,
        participant_id,
        period,
        title,
        {{ as_word('kind') }} as kind,
        {{ as_share('weight') }} as weight,
        {{ as_share('completion') }} as completion,
        judged_by,
        {{ as_date('judged_on') }} as judged_on,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['kind', 'weight', 'completion', 'judged_on', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['objective_id']),
            row = mistyped(['weight', 'completion'], 'share')
                + mistyped(['judged_on'], 'date')
                + off_calendar(['judged_on'])
                + required(['participant_id'])
                + unknown_period('period')
                + not_a_fraction(['weight', 'completion'])
                + unknown_value('kind', ['mbo', 'kra', 'okr'])
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        objective_id,
        participant_id,
        period,
        title,
        kind,
        weight,
        completion,
        judged_by,
        judged_on,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
