-- Along its schedule a contract's cost is charged exactly once: what is left after a month is what was left before, plus
-- what was added, less the charge; the last month leaves nothing.
with

schedule as (
    select
        *,
        coalesce(lag(remaining) over (
            partition by deal_id, plan, component, currency
            order by period
        ), 0) as opening,
        lead(period) over (
            partition by deal_id, plan, component, currency
            order by period
        ) is null as is_last
    from {{ ref('amortisation') }}
)

select * from schedule
where
    remaining <> opening + added - amortised
    or current_part + non_current_part <> remaining
    or (is_last and remaining <> 0)
