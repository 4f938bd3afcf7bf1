-- One row per scope member, period and slice: Σ weight × completion of the objectives of kind mbo.
-- The denominator is the number of score sheets: 1 for a participant and one period.
with

facts as (select * from {{ ref('int_objective_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'mbo'),

mbo as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number("facts.mbo_score") }} as numerator,
        {{ kpi_number("facts.mbo_sheets") }} as denominator,
        facts.mbo_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
)

select * from mbo
