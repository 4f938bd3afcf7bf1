{{ config(meta=local_by(
    ['window_id'],
    ['int_windows'],
    {
        'int_component_credits': [['int_windows', ['participant_id', 'plan_version_id', 'component', 'window_key']]],
        'int_lost_credits': [['int_windows', ['participant_id', 'plan_version_id', 'component', 'window_key']]],
        'int_remaining_credits': [['int_windows', ['participant_id', 'plan_version_id', 'component', 'window_key']]]
    }
)) }}
-- One row per credit in its window, with what the window had reached before and after it.
-- Ids are compared by code point, so the order is the same on every machine and engine.
with

credits as (
    select * from {{ ref('int_rated_credits') }}
    union all
    select * from {{ ref('int_remaining_credits') }}
),

windows as (select * from {{ ref('int_windows') }}),

in_window as (
    select
        windows.window_id,
        credits.credited_on,
        credits.month,
        credits.transaction_type,
        credits.transaction_id,
        credits.line,
        credits.credit_role,
        credits.basis,
        credits.reach
    from credits
    inner join windows
        on
            credits.participant_id = windows.participant_id
            and credits.plan_version_id = windows.plan_version_id
            and credits.component = windows.component
            and credits.window_key = windows.window_key
),

running as (
    select
        *,
        {{ money("sum(reach) over so_far") }} as reached
    from in_window
    window so_far as (
        partition by window_id
        order by credited_on, transaction_id, line, credit_role, transaction_type desc
        rows unbounded preceding
    )
),

started as (
    select *, {{ money("reached - reach") }} as started
    from running
)

select * from started
