-- One row per scope member, period and slice: collection rate.
-- ar: (opening AR + billed − closing AR) ÷ (opening AR + billed); as closing AR = opening AR + billed − received, the
-- numerator is what was received. due: received ÷ invoices due in the period.
with

facts as (select * from {{ ref('int_finance_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'collection_rate'),

collection_rate as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number("facts.received_amount") }} as numerator,
        {{ kpi_number(
            "case requests.variant when 'due' then facts.due_amount else facts.opening_amount + facts.billed_amount end"
        ) }} as denominator,
        facts.receipt_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
)

select * from collection_rate
