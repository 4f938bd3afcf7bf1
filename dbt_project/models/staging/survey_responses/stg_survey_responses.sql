{{ config(materialized='view') }}
-- One row per survey response and question: its latest valid version.
with

typed as (select * from {{ ref('typed_survey_responses') }}),

rejected as (select * from {{ ref('rejected_survey_responses') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.response_id,
        typed.survey,
        typed.question,
        typed.score,
        typed.scale_min,
        typed.scale_max,
        typed.account_id,
        typed.participant_id,
        typed.rater_id,
        typed.rater_group,
        typed.responded_on,
        typed.comment
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
