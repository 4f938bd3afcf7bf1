-- One row per scope member, period, survey and slice: answers on the day they were given.
-- An answer counts for the person rated, else for the owner of the account, else for the company alone.
{% set measures = {'csat_count': 'bigint', 'csat_top_count': 'bigint', 'csat_score': 'decimal(24, 6)',
    'nps_count': 'bigint', 'nps_promoter_count': 'bigint', 'nps_detractor_count': 'bigint'} %}
{% set fields = ['survey', 'question', 'segment', 'region'] %}
with

responses as (
    select * from {{ ref('stg_survey_responses') }} where survey in ('csat', 'nps') and {{ is_requested('surveys') }}
),

accounts as (select * from {{ ref('stg_accounts') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

answers as (
    select
        responses.survey,
        responses.question,
        accounts.segment,
        accounts.region,
        responses.responded_on,
        coalesce(responses.participant_id, accounts.owner_id) as participant_id,
        responses.score,
        -- The two best values of a scale of whole numbers.
        responses.score >= coalesce(responses.scale_max, 5) - 1 as is_top
    from responses
    left join accounts on responses.account_id = accounts.account_id
),

requested as (
    {{ requested_slices('surveys') }}
),

matches as (
    {{ slice_matches('answers', fields, 'requested') }}
),

by_range as (
    select
        coalesce(ranges.range_id, 0) as range_id,
        strftime(answers.responded_on, '%Y-%m') as month,
        matches.slice,
        count(*) filter (where answers.survey = 'csat') as csat_count,
        count(*) filter (where answers.survey = 'csat' and answers.is_top) as csat_top_count,
        coalesce(sum(answers.score) filter (where answers.survey = 'csat'), 0) as csat_score,
        count(*) filter (where answers.survey = 'nps') as nps_count,
        count(*) filter (where answers.survey = 'nps' and answers.score >= 9) as nps_promoter_count,
        count(*) filter (where answers.survey = 'nps' and answers.score <= 6) as nps_detractor_count
    from answers
    inner join matches on {{ same_values('answers', 'matches', fields) }}
    left join ranges
        on
            answers.participant_id = ranges.participant_id
            and answers.responded_on between ranges.starts_on and ranges.ends_on
    group by all
),

months as (
    {{ by_scope('by_range', ['month', 'slice'], measures) }}
),

period_sums as (
    {{ by_period('months', measures) }}
),

survey_facts as (
    {{ without_gaps('period_sums', 'surveys', measures) }}
)

select * from survey_facts
