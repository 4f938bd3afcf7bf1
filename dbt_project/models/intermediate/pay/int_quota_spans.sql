{{ config(materialized='view') }}
-- One row per participant, plan version and span over which a quota is asked: the windows of components and, for gates
-- over the year, the fiscal year and the year to date.
with

windows as (
    select distinct participant_id, plan_version_id, window_period
    from {{ ref('int_windows') }}
),

year_gates as (
    select distinct
        plan_version_id,
        gate_over
    from {{ source('inputs', 'components') }}
    where gate_kpi = 'quota_attainment' and quota_kpi is not null and gate_over <> 'period'
),

periods as (select * from {{ source('inputs', 'calendar_periods') }}),

quota_spans as (
    select participant_id, plan_version_id, 'window' as span, window_period from windows
    union
    select windows.participant_id, windows.plan_version_id, year_gates.gate_over as span, periods.year as window_period
    from windows
    inner join year_gates on windows.plan_version_id = year_gates.plan_version_id
    inner join periods on windows.window_period = periods.period
)

select * from quota_spans
