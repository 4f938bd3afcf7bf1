-- One row per scope member, period and slice: Σ cash received, refunds deducted.
with

facts as (select * from {{ ref('int_finance_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'collections'),

collections as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number("facts.received_amount") }} as numerator,
        {{ kpi_number("null") }} as denominator,
        facts.receipt_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
)

select * from collections
