-- One row per participant, plan version, component paid (or honoured) by period and period: whom it is due for, whose
-- figures it reads, and its target pay. It is settled in the period's last month; until then the newest month shows it.
with

components as (
    select * from {{ source('inputs', 'components') }}
    where type in ('bonus', 'matrix', 'contest', 'pool', 'award', 'deduction')
),

plan_months as (select * from {{ ref('int_plan_months') }}),

months as (select * from {{ source('inputs', 'calendar_months') }} where is_in_pay_calendar),

period_months as (select * from {{ source('inputs', 'calendar_period_months') }}),

service as (select * from {{ ref('int_service_shares') }}),

split_periods as (select * from {{ ref('int_split_periods') }}),

newest_months as (
    select
        period_months.period,
        max(period_months.month) as origin_period,
        max(period_months.month_no) = any_value(period_months.months) as is_last_month
    from period_months
    inner join months on period_months.month = months.month
    group by period_months.period
),

due as (
    select distinct
        plan_months.participant_id,
        plan_months.plan_version_id,
        components.component,
        case components.period_kind
            when 'quarter' then plan_months.quarter
            when 'year' then plan_months.year
            else plan_months.month
        end as period
    from plan_months
    inner join components on plan_months.plan_version_id = components.plan_version_id
    inner join months on plan_months.month = months.month
),

component_periods as (
    select
        due.participant_id,
        components.plan,
        due.plan_version_id,
        due.component,
        components.type,
        due.period,
        newest_months.origin_period,
        newest_months.is_last_month,
        components.payout_on,
        components.payout_curve_id,
        service.service_units,
        service.months,
        service.team_id,
        service.role,
        service.base_salary,
        case components.target_pay_of
            when 'base_salary'
                then {{ prorated(times('service.base_salary', 'target_pay_share'), 'service_units', '12') }}
            when 'variable_pay'
                then {{ prorated(times('service.variable_pay', 'target_pay_share'), 'service_units', '12') }}
            else {{ prorated('target_pay_amount', 'service_units', 'service.months') }}
        end as target_pay,
        {{ own_figures('due') }}
    from due
    inner join components
        on due.plan_version_id = components.plan_version_id and due.component = components.component
    inner join newest_months on due.period = newest_months.period
    inner join service
        on
            due.participant_id = service.participant_id
            and due.plan_version_id = service.plan_version_id
            and due.period = service.period
    left join split_periods
        on due.participant_id = split_periods.participant_id and due.period = split_periods.period
)

select * from component_periods
