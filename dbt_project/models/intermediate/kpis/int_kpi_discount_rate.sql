-- One row per scope member, period and slice: 1 − Σ amount ÷ Σ list price.
-- Deals without a list price are left out of both.
with

facts as (select * from {{ ref('int_deal_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'discount_rate'),

discount_rate as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number("facts.list_amount - facts.listed_won_amount") }} as numerator,
        {{ kpi_number("facts.list_amount") }} as denominator,
        facts.listed_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
)

select * from discount_rate
