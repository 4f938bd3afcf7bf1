{{ config(materialized='table', meta=by_batch('survey_responses')) }}
-- One row per landed row of survey_responses: typed, with the first rule of its own that it breaks.
-- scale_min, scale_max: not delivered, 1 and 5, for nps 0 and 10; a complaint has a scale only when one is
-- delivered.
with

delivered as (select * from {{ source('landing', 'survey_responses') }}),

typed as (
    select
        _batch_no,
        _row,
        response_id,
        {{ as_word('survey') }} as survey,
        question,
        {{ as_number('score') }} as score,
        {{ as_number('scale_min') }} as scale_min,
        {{ as_number('scale_max') }} as scale_max,
        account_id,
        participant_id,
        rater_id,
        rater_group,
        {{ as_date('responded_on') }} as responded_on,
        comment,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['survey', 'score', 'scale_min', 'scale_max', 'responded_on', 'is_deleted']) }}
    from delivered
),

scaled as (
    select
        *,
        coalesce(scale_min, case survey when 'nps' then 0 when 'complaint' then null else 1 end) as scale_from,
        coalesce(scale_max, case survey when 'nps' then 10 when 'complaint' then null else 5 end) as scale_to
    from typed
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['response_id', 'question']),
            row = mistyped(['score', 'scale_min', 'scale_max'], 'number')
                + mistyped(['responded_on'], 'date')
                + off_calendar(['responded_on'])
                + required(['survey', 'score', 'responded_on'])
                + unknown_value('survey', ['csat', 'nps', 'ces', 'review360', 'complaint'])
                + outside('scale_max', 'scale_max <= scale_from', 'a number above the least of the scale')
                + outside('score', 'score not between scale_from and scale_to', 'a number inside the scale')
        ) }} as _broken
    from scaled
),

verdicts as (
    select
        _batch_no,
        _row,
        response_id,
        survey,
        question,
        score,
        cast(scale_from as decimal(24, 6)) as scale_min,
        cast(scale_to as decimal(24, 6)) as scale_max,
        account_id,
        participant_id,
        rater_id,
        rater_group,
        responded_on,
        comment,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
