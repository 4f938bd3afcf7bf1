-- One row per scope member, period and slice: Σ amount − cost of won deals; no cost delivered is 0.
with

facts as (select * from {{ ref('int_deal_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'margin'),

margin as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number("facts.won_amount - facts.cost_amount") }} as numerator,
        {{ kpi_number("null") }} as denominator,
        facts.won_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
)

select * from margin
