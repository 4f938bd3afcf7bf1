{{ config(meta={'local': {'by': ['deal_id'], 'rests_on': {
    'typed_deals': ['deal_id'],
    'rejected_deals': [['typed_deals', ['_batch_no', '_row']]],
    'typed_deal_lines': ['deal_id'],
    'rejected_deal_lines': [['typed_deal_lines', ['_batch_no', '_row']]],
    'typed_accounts': [['typed_deals', ['account_id']]],
    'rejected_accounts': [['typed_accounts', ['_batch_no', '_row']], ['typed_deals', ['account_id']]],
    'int_deal_credits': ['deal_id']
}}}) }}
-- Whoever shares a deal: their credits add up to every line of it exactly, in amount, units and cost.
with

lines as (select * from {{ ref('int_won_lines') }}),

credited as (
    select
        deal_id,
        line,
        sum(amount) as amount,
        sum(units) as units,
        sum(deal_cost) as cost
    from {{ ref('int_deal_credits') }}
    group by deal_id, line
)

select
    lines.deal_id,
    lines.line,
    lines.amount,
    credited.amount as credited_amount
from lines
left join credited on lines.deal_id = credited.deal_id and lines.line = credited.line
where
    lines.amount is distinct from credited.amount
    or lines.units is distinct from credited.units
    or lines.cost is distinct from credited.cost
