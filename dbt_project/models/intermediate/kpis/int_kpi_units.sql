-- One row per scope member, period and slice: Σ credited units of won deals.
with

facts as (select * from {{ ref('int_deal_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'units'),

units as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number("facts.units") }} as numerator,
        {{ kpi_number("null") }} as denominator,
        facts.won_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
)

select * from units
