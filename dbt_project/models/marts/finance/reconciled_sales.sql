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
        case when deal_id in (select credits.deal_id from credits) then 'split' else 'excluded' end as reason,
        amount as left_amount,
        0 as right_amount
    from won_deals
    union all
    select period, 'split' as reason, 0 as left_amount, amount as right_amount
    from credits
),

-- The same for the run's month alone, whose deals are few beside all that were ever credited.
won_now as (select won_deals.* from won_deals inner join run on won_deals.period = run.period),

credited_now as (
    select
        period,
        deal_id,
        case
            when deal_id in (select credits.deal_id from credits where credits.deal_id in (select won.deal_id from won_now as won))
                then 'split'
            else 'excluded'
        end as reason,
        amount as left_amount,
        0 as right_amount
    from won_now
    union all
    select credits.period, credits.deal_id, 'split' as reason, 0 as left_amount, credits.amount as right_amount
    from credits
    inner join run on credits.period = run.period
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
        'won_credited' as control, period, deal_id as item_id, reason, left_amount, right_amount, false as is_sum,
        true as is_item
    from credited_now
)

select * from reconciled_sales
