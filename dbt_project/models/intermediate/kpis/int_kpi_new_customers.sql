-- One row per scope member, period and slice: accounts whose first ever won deal falls in the period.
with

facts as (select * from {{ ref('int_deal_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'new_customers'),

new_customers as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number("facts.new_customer_count") }} as numerator,
        {{ kpi_number("null") }} as denominator,
        facts.new_customer_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
)

select * from new_customers
