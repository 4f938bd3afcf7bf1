{{ config(meta=local_by(['window_id'], ['int_windows', 'int_window_credits'])) }}
-- One row per window and month in which it is evaluated: what was credited so far and the quota it is measured against.
with

windows as (select * from {{ ref('int_windows') }}),

credits as (select * from {{ ref('int_window_credits') }}),

components as (select * from {{ source('inputs', 'components') }}),

period_months as (select * from {{ source('inputs', 'calendar_period_months') }}),

months as (select * from {{ source('inputs', 'calendar_months') }} where is_in_pay_calendar),

quotas as (select * from {{ ref('int_window_quotas') }} where span = 'window'),

credited as (
    select window_id, month, sum(basis) as basis, sum(reach) as reach
    from credits
    group by window_id, month
),

evaluated as (
    select
        windows.*,
        components.mode,
        components.rate_on,
        components.quota_kpi,
        months.month,
        months.starts_on as month_starts_on,
        period_months.month_no = period_months.months as is_last_month
    from windows
    inner join components
        on windows.plan_version_id = components.plan_version_id and windows.component = components.component
    inner join period_months on windows.window_period = period_months.period
    inner join months on period_months.month = months.month and windows.first_month_on <= months.starts_on
),

window_months as (
    select
        evaluated.window_id,
        evaluated.participant_id,
        evaluated.plan,
        evaluated.plan_version_id,
        evaluated.component,
        evaluated.window_period,
        evaluated.accumulate,
        evaluated.mode,
        evaluated.rate_on,
        evaluated.month,
        evaluated.month_starts_on,
        evaluated.is_last_month,
        quotas.quota,
        {{ money("coalesce(sum(credited.basis) over so_far, 0)") }} as basis_so_far,
        {{ money("coalesce(sum(credited.reach) over so_far, 0)") }} as reach_so_far
    from evaluated
    left join credited on evaluated.window_id = credited.window_id and evaluated.month = credited.month
    left join quotas
        on
            evaluated.participant_id = quotas.participant_id
            and evaluated.plan_version_id = quotas.plan_version_id
            and evaluated.quota_kpi = quotas.kpi
            and evaluated.window_period = quotas.window_period
            and evaluated.month = quotas.known_month
    window so_far as (
        partition by evaluated.window_id order by evaluated.month_starts_on rows unbounded preceding
    )
)

select * from window_months
