-- One row per scope member, period and slice: share of the two best answers (top2), or the mean answer (mean).
with

facts as (select * from {{ ref('int_survey_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'csat'),

csat as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number("case requests.variant when 'mean' then facts.csat_score else facts.csat_top_count end") }}
            as numerator,
        {{ kpi_number("facts.csat_count") }} as denominator,
        facts.csat_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
)

select * from csat
