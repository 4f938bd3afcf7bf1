-- One row per scope member, period and slice: Σ invoices − Σ credit notes.
with

facts as (select * from {{ ref('int_finance_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'billings'),

billings as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number("facts.billed_amount") }} as numerator,
        {{ kpi_number("null") }} as denominator,
        facts.billing_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
)

select * from billings
