{{ config(materialized='view') }}
-- One row per control, month and reason on one side of a comparison of sales, in the company's currency: deals won with
-- what was invoiced, what was invoiced with what was collected. All sales are summed before they are told apart.
with

{{ settled_by() }},

related as ({{ related_sales(ref('int_company_amounts')) }}),

summed as (
    select
        kind,
        period,
        is_of_won_deal,
        is_of_invoice,
        billing_reason,
        payment_reason,
        cast(null as varchar) as item_id,
        cast(null as varchar) as deal_id,
        cast(null as varchar) as invoice_id,
    {% for amount in ['at_own', 'tax_at_own', 'net_at_own', 'net_at_deal', 'at_invoice'] %}
        {{ money('sum(' ~ amount ~ ')') }} as {{ amount }}{{ "," if not loop.last }}
    {% endfor %}
    from related
    group by kind, period, is_of_won_deal, is_of_invoice, billing_reason, payment_reason
),

reconciled_sums as ({{ sides_of_sales('summed') }})

select * from reconciled_sums
