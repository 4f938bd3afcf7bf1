-- One row per window that is computed again without what events took from it, and month in which its gate on the
-- component's own attainment is judged: whether it is open without what was taken. Every other gate looks at figures that
-- no event changes, and stays as it was.
with

windows as (select * from {{ ref('int_windows') }}),

events as (select * from {{ ref('int_recomputed_events') }}),

months as (
    select window_id, month, basis_so_far from {{ ref('int_window_months') }}
    where exists (select 1 from events)
),

components as (select * from {{ source('inputs', 'components') }}),

gates as (select * from {{ ref('int_gate_states') }} where own_measure is not null),

judged as (
    select
        again.window_id,
        again.participant_id,
        again.plan_version_id,
        again.component,
        gates.month,
        components.gate_comparison,
        components.gate_threshold,
        {{ ratio('gates.own_measure - (months_before.basis_so_far - months.basis_so_far)', 'gates.quota') }} as value
    from events
    inner join windows as again
        on
            events.participant_id = again.participant_id
            and events.plan_version_id = again.plan_version_id
            and events.component = again.component
            and events.window_key = again.window_key
    inner join windows as before
        on
            events.participant_id = before.participant_id
            and events.plan_version_id = before.plan_version_id
            and events.component = before.component
            and events.original_key = before.window_key
    inner join components
        on events.plan_version_id = components.plan_version_id and events.component = components.component
    inner join gates
        on
            again.participant_id = gates.participant_id
            and again.plan_version_id = gates.plan_version_id
            and again.component = gates.component
            and again.window_period = gates.window_period
    inner join months on again.window_id = months.window_id and gates.month = months.month
    inner join months as months_before
        on before.window_id = months_before.window_id and gates.month = months_before.month
),

recomputed_gates as (
    select
        window_id,
        participant_id,
        plan_version_id,
        component,
        month,
        coalesce({{ passes_gate('value') }}, false) as is_open
    from judged
)

select * from recomputed_gates
