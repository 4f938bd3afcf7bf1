-- One row per participant, plan version and scorecard period: whom a score is due for, and whose figures it reads.
with

plan_months as (select * from {{ ref('int_plan_months') }}),

scorecards as (select * from {{ source('inputs', 'scorecards') }}),

periods as (select * from {{ source('inputs', 'calendar_periods') }}),

service as (select * from {{ ref('int_service_shares') }}),

split_periods as (select * from {{ ref('int_split_periods') }}),

company as (select * from {{ source('inputs', 'run') }}),

first_months as (
    select starts_on from periods inner join company on periods.period = company.first_period
),

due as (
    select distinct
        plan_months.participant_id,
        plan_months.plan,
        plan_months.plan_version_id,
        case scorecards.period_kind
            when 'quarter' then plan_months.quarter
            when 'year' then plan_months.year
            else plan_months.month
        end as period
    from plan_months
    inner join scorecards on plan_months.plan_version_id = scorecards.plan_version_id
    cross join company
    cross join first_months
    where
        plan_months.month_starts_on <= company.period_ends_on
        and plan_months.month_starts_on >= first_months.starts_on
),

scorecard_periods as (
    select
        due.*,
        scorecards.missing,
        scorecards.calibrate_within,
        scorecards.calibrate_within is not null and scorecards.calibrate_after_close = 'frozen' as is_frozen_after_close,
        periods.starts_on,
        periods.ends_on,
        periods.ends_on <= company.period_ends_on as is_final,
        service.service_units,
        service.months,
        service.team_id,
        service.role,
        {{ own_figures('due') }}
    from due
    inner join scorecards on due.plan_version_id = scorecards.plan_version_id
    inner join periods on due.period = periods.period
    cross join company
    left join split_periods
        on due.participant_id = split_periods.participant_id and due.period = split_periods.period
    inner join service
        on
            due.participant_id = service.participant_id
            and due.plan_version_id = service.plan_version_id
            and due.period = service.period
)

select * from scorecard_periods
