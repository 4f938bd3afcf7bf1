-- One row per scope member, period and slice: number of deals won.
with

facts as (select * from {{ ref('int_deal_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'contract_count'),

contract_count as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number("facts.won_count") }} as numerator,
        {{ kpi_number("null") }} as denominator,
        facts.won_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
)

select * from contract_count
