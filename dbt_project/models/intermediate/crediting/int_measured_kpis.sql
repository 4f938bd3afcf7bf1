-- One row per participant, plan version, component that rates a KPI other than a transaction's own measures, and month:
-- the KPI's value of the month as one credit, in the plan's currency where it is money.
with

components as (
    select * from {{ source('inputs', 'components') }}
    where
        type = 'commission'
        and measure not in ('bookings', 'margin', 'units', 'deals', 'billings', 'collections')
),

catalogue as (select * from {{ source('inputs', 'kpi_catalogue') }}),

plan_months as (select * from {{ ref('int_plan_months') }}),

plans as (select * from {{ source('inputs', 'plans') }}),

company as (select * from {{ source('inputs', 'run') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

split_periods as (select * from {{ ref('int_split_periods') }}),

kpi_values as (select * from {{ ref('int_kpi_values') }}),

fx_rates as (select * from {{ ref('int_plan_fx_rates') }}),

measured_kpis as (
    select
        plan_months.participant_id,
        components.plan,
        components.plan_version_id,
        components.component,
        components.measure,
        components.rate_on,
        components.accumulate,
        months.month,
        months.quarter,
        months.year,
        least(months.ends_on, company.period_ends_on) as credited_on,
        plans.currency as plan_currency,
        kpi_values.value as amount,
        case when catalogue.unit = 'money' then company.currency else plans.currency end as currency,
        case
            when catalogue.unit <> 'money' or company.currency = plans.currency then cast(1 as decimal(18, 10))
            else fx_rates.rate
        end as fx_rate
    from components
    cross join company
    inner join catalogue on components.measure = catalogue.kpi
    inner join plans on components.plan_version_id = plans.plan_version_id
    inner join plan_months on components.plan_version_id = plan_months.plan_version_id
    inner join months on plan_months.month = months.month
    left join split_periods
        on plan_months.participant_id = split_periods.participant_id and months.year = split_periods.period
    inner join kpi_values
        on
            components.measure = kpi_values.kpi
            and components.slice = kpi_values.slice
            and months.month = kpi_values.period
            and kpi_values.scope = case when split_periods.period is null then 'participant' else 'segment' end
            and kpi_values.scope_id = case
                when split_periods.period is null then plan_months.participant_id
                else plan_months.participant_id || '|' || plan_months.plan_version_id
            end
    left join fx_rates
        on
            components.plan_version_id = fx_rates.plan_version_id
            and company.currency = fx_rates.currency
            and months.ends_on >= fx_rates.valid_from
            and months.ends_on < fx_rates.valid_to
    where kpi_values.value <> 0
)

select * from measured_kpis
