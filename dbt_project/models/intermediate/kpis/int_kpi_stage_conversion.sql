-- One row per scope member, period and slice: stages passed ÷ stages entered.
-- Unrestricted, over all entries of a deal into a stage; a slice names one stage.
with

facts as (select * from {{ ref('int_stage_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'stage_conversion'),

stage_conversion as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number("facts.advanced_count") }} as numerator,
        {{ kpi_number("facts.entered_count") }} as denominator,
        facts.entered_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
)

select * from stage_conversion
