-- One row per scope member, period and slice: share of 9–10 minus share of 0–6, from −1 to 1.
with

facts as (select * from {{ ref('int_survey_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'nps'),

nps as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number("facts.nps_promoter_count - facts.nps_detractor_count") }} as numerator,
        {{ kpi_number("facts.nps_count") }} as denominator,
        facts.nps_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
)

select * from nps
