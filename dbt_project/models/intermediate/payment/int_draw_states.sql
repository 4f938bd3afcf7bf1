-- One row per participant, plan, draw and month under the plan: the amount up to which pay is advanced, prorated to the
-- days that count.
with

components as (select * from {{ source('inputs', 'components') }} where type = 'draw'),

draws as (select * from {{ source('inputs', 'draws') }}),

plan_months as (select * from {{ ref('int_plan_months') }}),

service as (select * from {{ ref('int_service_shares') }}),

plans as (select * from {{ source('inputs', 'plans') }}),

currencies as (select * from {{ source('inputs', 'currencies') }}),

months as (select * from {{ source('inputs', 'calendar_months') }} where is_payable),

company as (select * from {{ source('inputs', 'run') }}),

prorated as (
    select
        plan_months.participant_id,
        plan_months.plan,
        plan_months.plan_version_id,
        components.component,
        plan_months.month as period,
        plans.currency,
        {{ prorated('draws.amount', 'service.service_units', 'service.months') }} as amount
    from plan_months
    inner join components on plan_months.plan_version_id = components.plan_version_id
    inner join draws
        on components.plan_version_id = draws.plan_version_id and components.component = draws.component
    inner join months on plan_months.month = months.month
    inner join plans on plan_months.plan_version_id = plans.plan_version_id
    inner join service
        on
            plan_months.participant_id = service.participant_id
            and plan_months.plan_version_id = service.plan_version_id
            and plan_months.month = service.period
),

states as (
    select
        prorated.* exclude (amount),
        {{ payable_money('prorated.amount', 'currencies.minor_units', 'company.rounding') }} as amount
    from prorated
    inner join currencies on prorated.currency = currencies.currency
    cross join company
)

select * from states
