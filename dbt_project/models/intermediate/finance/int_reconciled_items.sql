{{ config(materialized='view') }}
-- One row per sale and reason of the run's month on one side of a comparison of sales, in the company's currency: deals
-- won with what was invoiced, what was invoiced with what was collected. The same item and reason on both sides cancel
-- out over time.
with

run as (select * from {{ source('inputs', 'run') }}),

amounts as (
    select company_amounts.*
    from {{ ref('int_company_amounts') }} as company_amounts
    inner join run on company_amounts.period = run.period
),

{{ settled_by('amounts') }},

related as ({{ related_sales('amounts') }}),

reconciled_items as ({{ sides_of_sales('related') }})

select * from reconciled_items
