-- One row per scope member, period and slice: won amount ÷ deals won.
with

facts as (select * from {{ ref('int_deal_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'average_deal_size'),

average_deal_size as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number("facts.won_amount") }} as numerator,
        {{ kpi_number("facts.won_count") }} as denominator,
        facts.won_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
)

select * from average_deal_size
