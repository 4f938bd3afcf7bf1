-- One row per participant, plan, draw and open period: what is drawn and recovered, and what is owed after it. Whoever
-- neither is under the draw nor owes anything has no row.
with

draw_months as (select * from {{ ref('int_draw_months') }}),

months as (select year, max(month) as last_month from {{ source('inputs', 'calendar_months') }} group by year),

-- What raises the debt, or would pay it back. Whoever has left and is charged pays all of it.
moved as (
    select
        draw_months.*,
        draw_months.period = months.last_month and draw_months.is_forgiven_at_year_end as is_forgiven,
        {{ money('greatest(draw_months.draw_amount - draw_months.gross_amount, 0)') }} as drawn,
        case
            when draw_months.is_charged then cast(-999999999999 as decimal(24, 6))
            when draw_months.gross_amount >= draw_months.draw_amount or draw_months.is_recoverable
                then {{ money('draw_months.draw_amount - draw_months.gross_amount') }}
            else 0
        end as change
    from draw_months
    inner join months on draw_months.year = months.year
),

-- Forgiving begins a new account: nothing is owed at its start.
accounts as (
    select
        *,
        count(*) filter (where is_forgiven) over (
            partition by participant_id, plan, component order by period
            rows between unbounded preceding and 1 preceding
        ) as account_no
    from moved
),

summed as (
    select
        *,
        case when account_no = 0 then balance_at_start else 0 end + sum(change) over by_month as reached
    from accounts
    window by_month as (
        partition by participant_id, plan, component, account_no order by period rows unbounded preceding
    )
),

-- What is owed never falls below 0: the lowest point reached so far is where it began anew.
owed as (
    select
        *,
        {{ money('reached - least(0, min(reached) over by_month)') }} as owed
    from summed
    window by_month as (
        partition by participant_id, plan, component, account_no order by period rows unbounded preceding
    )
),

balances as (
    select
        *,
        coalesce(
            lag(case when is_forgiven then 0 else owed end) over (
                partition by participant_id, plan, component order by period
            ),
            balance_at_start
        ) as owed_before
    from owed
),

settled as (
    select
        participant_id,
        plan,
        plan_version_id,
        component,
        period,
        currency,
        is_under_draw,
        draw_amount,
        gross_amount,
        drawn,
        {{ money('owed_before + case when is_recoverable then drawn else 0 end - owed') }} as recovered,
        {{ money('case when is_forgiven then 0 else owed end') }} as balance_owed,
        owed_before
    from balances
)

select * exclude (owed_before)
from settled
where is_under_draw or owed_before > 0 or balance_owed > 0
