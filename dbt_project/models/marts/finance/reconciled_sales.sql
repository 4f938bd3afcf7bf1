{{ config(schema="settlement", contract={"enforced": false}, materialized="view") }}
-- One row per amount on a side of a control of sales or credits, in the company's currency. They come twice, because they
-- are many: as sums of every month without an item (is_sum), and item by item for the run's month (is_item).
with

run as (select * from {{ source('inputs', 'run') }}),

sums as (select * from {{ ref('int_reconciled_sums') }}),

items as (select * from {{ ref('int_reconciled_items') }}),

won_deals as not materialized (
    select period, deal_id, {{ converted('amount', 'fx_rate') }} as amount
    from {{ ref('int_company_amounts') }}
    where kind = 'deal'
),

credits as not materialized (
    select period, deal_id, amount
    from {{ ref('kpi_credits') }}
    where transaction_type = 'deal' and participant_id <> ''
),

credited as not materialized (
    select
        period,
        deal_id,
        case when deal_id in (select credits.deal_id from credits) then 'split' else 'excluded' end as reason,
        amount as left_amount,
        0 as right_amount
    from won_deals
    union all
    select period, deal_id, 'split' as reason, 0 as left_amount, amount as right_amount
    from credits
),

reconciled_sales as (
    select control, period, item_id, reason, left_amount, right_amount, true as is_sum, false as is_item from sums
    union all
    select control, period, item_id, reason, left_amount, right_amount, false as is_sum, true as is_item from items
    union all
    select
        'won_credited' as control, period, null as item_id, reason, sum(left_amount) as left_amount,
        sum(right_amount) as right_amount, true as is_sum, false as is_item
    from credited
    group by period, reason
    union all
    select
        'won_credited' as control, credited.period, credited.deal_id as item_id, credited.reason, credited.left_amount,
        credited.right_amount, false as is_sum, true as is_item
    from credited
    inner join run on credited.period = run.period
)

select * from reconciled_sales
