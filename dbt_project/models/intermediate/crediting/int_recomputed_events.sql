-- One row per window that is computed again without what an event took from it: the events of a window in their order
-- (event_no), each together with all before it, under a window key of its own.
with

shares as (select * from {{ ref('int_clawback_shares') }} where charge = 'recompute_origin'),

-- What left the retro window without being booked was never paid.
credits as (
    select credits.*
    from {{ ref('int_component_credits') }} as credits
    cross join {{ source('inputs', 'adjustable') }} as adjustable
    where
        credits.deal_id in (select deal_id from shares)
        and (
            credits.month >= adjustable.from_period
            or (credits.participant_id, credits.plan, credits.component, credits.transaction_id) in (
                select (participant_id, plan, component, transaction_id) from {{ source('inputs', 'booked_slices') }}
            )
        )
),

hit as (
    select
        credits.participant_id,
        credits.plan,
        credits.plan_version_id,
        credits.component,
        credits.window_key as original_key,
        credits.deal_id,
        shares.event_on,
        any_value(shares.earned_since_on) as earned_since_on,
        any_value(shares.month) as month,
        any_value(shares.share) as share,
        min(credits.month) as reverses_period,
        min(credits.credited_on) as earned_on,
        any_value(credits.currency) as currency
    from credits
    inner join shares
        on
            credits.plan_version_id = shares.plan_version_id
            and credits.component = shares.component
            and credits.deal_id = shares.deal_id
            and credits.credited_on >= shares.earned_since_on
    group by
        credits.participant_id, credits.plan, credits.plan_version_id, credits.component, credits.window_key,
        credits.deal_id, shares.event_on
),

numbered as (
    select
        *,
        cast(
            row_number() over (
                partition by participant_id, plan_version_id, component, original_key order by event_on, deal_id
            ) as integer
        ) as event_no
    from hit
)

select
    *,
    original_key || ' without ' || cast(event_no as varchar) as window_key
from numbered
