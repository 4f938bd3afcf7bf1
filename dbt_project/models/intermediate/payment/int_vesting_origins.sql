-- One row per participant, plan, component and origin period that does not pay at once: what its deals add up to, and what
-- its window's deals and all else of it add up to so far and by the origin period before. Clawbacks (is_clawback) and
-- booked lines (is_booked) apart.
with

lines as (select * from {{ ref('int_vesting_lines') }}),

origins as (
    select
        participant_id,
        plan,
        component,
        plan_version_id,
        origin_period,
        window_period,
        is_booked,
        is_clawback,
        any_value(origin_ends_on) as origin_ends_on,
        any_value(leavers) as leavers,
        {{ money('coalesce(sum(amount) filter (where deal_id is not null), 0)') }} as deal_amount,
        {{ money('coalesce(sum(abs(amount)) filter (where deal_id is not null), 0)') }} as deal_weight,
        {{ money('coalesce(sum(amount) filter (where deal_id is null), 0)') }} as other_amount
    from lines
    group by all
),

windowed as (
    select
        *,
        {{ money('sum(deal_amount) over so_far') }} as window_amount,
        {{ money('sum(other_amount) over so_far') }} as window_other
    from origins
    window so_far as (
        partition by participant_id, plan, component, plan_version_id, window_period, is_booked, is_clawback
        order by origin_period
        rows unbounded preceding
    )
)

select
    *,
    lag(origin_period) over so_far as before_period,
    lag(origin_ends_on) over so_far as before_ends_on,
    {{ money('coalesce(lag(window_amount) over so_far, 0)') }} as before_amount,
    {{ money('coalesce(lag(window_other) over so_far, 0)') }} as before_other
from windowed
window so_far as (
    partition by participant_id, plan, component, plan_version_id, window_period, is_booked, is_clawback
    order by origin_period
)
