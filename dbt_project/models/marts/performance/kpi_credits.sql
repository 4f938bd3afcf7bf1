{{ config(meta=local_by(['transaction_id'], ['int_deal_credits', 'int_finance_credits'])) }}
-- One row per credited participant and line of a won deal, and, where a KPI asks for them, per invoice, payment and
-- credit note. Amounts in the company's currency, signed as they count; a row credited to nobody has participant_id ''.
with

company as (select * from {{ source('inputs', 'run') }}),

deal_credits as (select * from {{ ref('int_deal_credits') }}),

finance_credits as (select * from {{ ref('int_finance_credits') }}),

credited as (
    select
        participant_id,
        transaction_type,
        transaction_id,
        line,
        month as period,
        credited_on,
        deal_id,
        account_id,
        product_line,
        deal_type,
        company_amount as amount,
        units,
        cost
    from deal_credits
    union all
    select
        coalesce(participant_id, '') as participant_id,
        transaction_type,
        transaction_id,
        line,
        month as period,
        credited_on,
        deal_id,
        account_id,
        product_line,
        deal_type,
        company_amount as amount,
        null as units,
        null as cost
    from finance_credits
),

kpi_credits as (
    select company.run_id, credited.*
    from credited
    cross join company
    where credited.credited_on <= company.period_ends_on
)

select * from kpi_credits
