{{ config(meta=local_by(
    ['account_id'],
    ['typed_deals'],
    {
        'rejected_deals': [['typed_deals', ['_batch_no', '_row']]]
    }
)) }}
-- One row per account with a won deal: the first of them. None when no KPI asks for new customers.
with

won_deals as (select * from {{ ref('stg_deals') }} where status = 'won'),

first_deals as (
    select
        account_id,
        arg_min(deal_id, (won_on, deal_id)) as deal_id
    from won_deals
    where
        account_id is not null
        and exists (select 1 from {{ source('inputs', 'kpi_requests') }} where kpi = 'new_customers')
    group by account_id
)

select * from first_deals
