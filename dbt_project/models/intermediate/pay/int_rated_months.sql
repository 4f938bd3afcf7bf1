{{ config(materialized='view') }}
-- One row per window and month in which it is evaluated: what its rates have earned so far, before any modifier. Windows
-- of commissions and the periods of all other components alike; those without rates are evaluated once, when over.
with

window_months as (select * from {{ ref('int_window_months') }}),

rated as (
    select window_id, origin_period, sum(amount) as amount
    from {{ ref('int_rated_lines') }}
    group by window_id, origin_period
),

period_lines as (
    select
        participant_id,
        plan,
        plan_version_id,
        component,
        window_period,
        origin_period,
        measured,
        amount
    from {{ ref('int_period_lines') }}
    where is_last_month
    union all
    {{ guaranteed_months('spiff') }}
),

months as (select * from {{ source('inputs', 'calendar_months') }}),

commissions as (
    select
        window_months.window_id,
        window_months.participant_id,
        window_months.plan,
        window_months.plan_version_id,
        window_months.component,
        window_months.window_period,
        window_months.accumulate = 'transaction' as is_transaction,
        window_months.month,
        window_months.month_starts_on,
        window_months.is_last_month,
        window_months.basis_so_far as measured,
        cast(
            coalesce(
                sum(rated.amount) over (
                    partition by window_months.window_id
                    order by window_months.month_starts_on
                    rows unbounded preceding
                ),
                0
            ) as decimal(38, 16)
        ) as rated_amount
    from window_months
    left join rated on window_months.window_id = rated.window_id and window_months.month = rated.origin_period
),

periods as (
    select
        period_lines.participant_id,
        period_lines.plan,
        period_lines.plan_version_id,
        period_lines.component,
        period_lines.window_period,
        period_lines.origin_period as month,
        any_value(months.starts_on) as month_starts_on,
        sum(period_lines.measured) as measured,
        cast(sum(period_lines.amount) as decimal(38, 16)) as rated_amount
    from period_lines
    inner join months on period_lines.origin_period = months.month
    group by
        period_lines.participant_id,
        period_lines.plan,
        period_lines.plan_version_id,
        period_lines.component,
        period_lines.window_period,
        period_lines.origin_period
),

rated_months as (
    select * from commissions
    union all
    select
        -row_number() over (order by participant_id, plan_version_id, component, window_period) as window_id,
        participant_id,
        plan,
        plan_version_id,
        component,
        window_period,
        false as is_transaction,
        month,
        month_starts_on,
        true as is_last_month,
        measured,
        rated_amount
    from periods
)

select * from rated_months
