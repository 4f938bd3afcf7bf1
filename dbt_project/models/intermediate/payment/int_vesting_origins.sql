-- One row per participant, plan, component and origin period that does not pay at once: what its deals and what all else
-- add up to, and its window's deals so far. Clawbacks (is_clawback) and booked lines (is_booked) apart.
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
        {{ money('sum(deal_amount) over so_far') }} as window_amount
    from origins
    window so_far as (
        partition by participant_id, plan, component, plan_version_id, window_period, is_booked, is_clawback
        order by origin_period
        rows unbounded preceding
    )
)

select * from windowed
