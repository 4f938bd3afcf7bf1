{{ config(meta=local_by(
    ['deal_id'],
    ['typed_deals', 'typed_deal_lines', 'int_deal_credits'],
    beside_won_lines()
)) }}
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
