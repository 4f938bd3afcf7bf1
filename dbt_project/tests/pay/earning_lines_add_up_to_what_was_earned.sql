-- What a month earned is the sum of its earning lines as published, to the cent: of its deals, limits and rounding.
with

lines as (
    select
        participant_id,
        plan,
        component,
        origin_period,
        sum(amount) as amount
    from {{ ref('int_earning_lines') }}
    group by participant_id, plan, component, origin_period
),

earned as (select * from {{ ref('int_earned') }})

select
    earned.participant_id,
    earned.plan,
    earned.component,
    earned.origin_period,
    earned.earned,
    lines.amount
from earned
full outer join lines
    on
        earned.participant_id = lines.participant_id
        and earned.plan = lines.plan
        and earned.component = lines.component
        and earned.origin_period = lines.origin_period
where coalesce(earned.earned, 0) <> coalesce(lines.amount, 0)
