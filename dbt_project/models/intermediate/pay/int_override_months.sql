{{ config(materialized='view') }}
-- One row per participant, plan version, override component and month: what its levels earned, before any modifier.
with

lines as (
    select
        participant_id,
        plan,
        plan_version_id,
        component,
        window_period,
        origin_period,
        measured,
        amount
    from {{ ref('int_lines_override') }}
    union all
    {{ guaranteed_months('override') }}
),

months as (select * from {{ source('inputs', 'calendar_months') }}),

override_months as (
    select
        row_number() over (order by lines.participant_id, lines.plan_version_id, lines.component, lines.origin_period)
            as window_id,
        lines.participant_id,
        lines.plan,
        lines.plan_version_id,
        lines.component,
        lines.window_period,
        false as is_transaction,
        lines.origin_period as month,
        any_value(months.starts_on) as month_starts_on,
        true as is_last_month,
        sum(lines.measured) as measured,
        cast(sum(lines.amount) as decimal(38, 16)) as rated_amount
    from lines
    inner join months on lines.origin_period = months.month
    group by
        lines.participant_id,
        lines.plan,
        lines.plan_version_id,
        lines.component,
        lines.window_period,
        lines.origin_period
)

select * from override_months
