-- One row per credit of a window that is computed again without what events took: what is left of the credit.
with

events as (select * from {{ ref('int_recomputed_events') }}),

credits as (
    select * from {{ ref('int_component_credits') }}
    where component in (select component from events)
),

credited_days as (
    select distinct participant_id, plan_version_id, component, window_key, deal_id, credited_on from credits
),

lost as (
    select
        events.participant_id,
        events.plan_version_id,
        events.component,
        events.window_key,
        earlier.deal_id,
        credited_days.credited_on,
        sum(earlier.share) as share
    from events
    inner join events as earlier
        on
            events.participant_id = earlier.participant_id
            and events.plan_version_id = earlier.plan_version_id
            and events.component = earlier.component
            and events.original_key = earlier.original_key
            and events.event_no >= earlier.event_no
    inner join credited_days
        on
            earlier.participant_id = credited_days.participant_id
            and earlier.plan_version_id = credited_days.plan_version_id
            and earlier.component = credited_days.component
            and earlier.original_key = credited_days.window_key
            and earlier.deal_id = credited_days.deal_id
            and earlier.earned_since_on <= credited_days.credited_on
    group by
        events.participant_id, events.plan_version_id, events.component, events.window_key, earlier.deal_id,
        credited_days.credited_on
),

remaining_credits as (
    select
        credits.* replace (
            events.window_key as window_key,
            {% for number in ['amount', 'units', 'cost', 'pieces', 'basis', 'reach'] %}
                {{ money('credits.' ~ number ~ ' - ' ~ times('credits.' ~ number, 'coalesce(lost.share, 0)')) }}
                    as {{ number }}{{ "," if not loop.last }}
            {% endfor %}
        )
    from credits
    inner join events
        on
            credits.participant_id = events.participant_id
            and credits.plan_version_id = events.plan_version_id
            and credits.component = events.component
            and credits.window_key = events.original_key
    left join lost
        on
            events.participant_id = lost.participant_id
            and events.plan_version_id = lost.plan_version_id
            and events.component = lost.component
            and events.window_key = lost.window_key
            and credits.deal_id = lost.deal_id
            and credits.credited_on = lost.credited_on
)

select * from remaining_credits
