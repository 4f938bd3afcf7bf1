{{ config(materialized='view') }}
-- One row per survey response and question: its latest valid version.
with

typed as (select * from {{ ref('typed_survey_responses') }}),

staged as (
    select
        _batch_no,
        _row,
        response_id,
        survey,
        question,
        score,
        scale_min,
        scale_max,
        account_id,
        participant_id,
        rater_id,
        rater_group,
        responded_on,
        comment
    from typed
    where {{ is_none_of('typed', [ref('rejected_survey_responses')]) }}
)

select * from staged
