-- One row per event that is charged by computing its window again, and month in which that makes a difference: what the
-- window would have earned less without what the event took, beyond the difference of the month before.
with

windows as (select * from {{ ref('int_windows') }}),

events as (select * from {{ ref('int_recomputed_events') }}),

results as (
    select window_id, month, after_cap from {{ ref('int_recomputed_results') }}
    where exists (select 1 from events)
),

months as (select * from {{ source('inputs', 'calendar_months') }} where is_in_pay_calendar),

-- Each event against the window as the event before left it; the first against the window as it was.
compared as (
    select
        events.*,
        windows.window_id,
        before.window_id as window_id_before
    from events
    inner join windows
        on
            events.participant_id = windows.participant_id
            and events.plan_version_id = windows.plan_version_id
            and events.component = windows.component
            and events.window_key = windows.window_key
    inner join windows as before
        on
            events.participant_id = before.participant_id
            and events.plan_version_id = before.plan_version_id
            and events.component = before.component
            and case
                when events.event_no = 1 then events.original_key
                else events.original_key || ' without ' || cast(events.event_no - 1 as varchar)
            end = before.window_key
),

differences as (
    select
        compared.* exclude (month),
        -- What happened after the window's end is of the event's month.
        greatest(compared.month, results.month) as origin_period,
        arg_max(results.after_cap - results_before.after_cap, results.month) as difference
    from compared
    inner join results on compared.window_id = results.window_id
    inner join results as results_before
        on compared.window_id_before = results_before.window_id and results.month = results_before.month
    group by all
),

changes as (
    select
        *,
        difference - coalesce(
            lag(difference) over (partition by window_id order by origin_period), 0
        ) as change
    from differences
),

recomputed as (
    select
        changes.participant_id,
        changes.plan,
        changes.plan_version_id,
        changes.component,
        changes.reverses_period,
        changes.origin_period,
        changes.deal_id,
        changes.original_key as line,
        changes.earned_on,
        changes.event_on,
        changes.currency,
        cast(null as decimal(24, 6)) as tier_from,
        cast(null as decimal(24, 10)) as rate,
        {{ money('null') }} as basis_amount,
        {{ money('changes.change') }} as amount
    from changes
    inner join months on changes.origin_period = months.month
)

select * from recomputed
where amount <> 0
