-- One row per participant, plan version, bonus component and period: target pay × payout curve, then minimum and cap.
-- It is earned in the last month of its period; until then it is provisional and pays nothing.
with

components as (select * from {{ source('inputs', 'components') }} where type = 'bonus'),

plan_months as (select * from {{ ref('int_plan_months') }}),

months as (select * from {{ source('inputs', 'calendar_months') }} where is_in_pay_calendar),

period_months as (select * from {{ source('inputs', 'calendar_period_months') }}),

service as (select * from {{ ref('int_service_shares') }}),

split_periods as (select * from {{ ref('int_split_periods') }}),

scores as (select * from {{ ref('int_scores') }}),

kpi_values as (select * from {{ ref('int_kpi_values') }}),

targets as (select * from {{ ref('int_targets') }}),

curves as (select * from {{ source('inputs', 'curves') }}),

segments as (select * from {{ source('inputs', 'curve_segments') }}),

due as (
    select distinct
        plan_months.participant_id,
        plan_months.plan,
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

based as (
    select
        due.participant_id,
        due.plan,
        due.plan_version_id,
        due.component,
        due.period,
        components.* exclude (plan, plan_version_id, component),
        service.service_units,
        service.months,
        service.team_id,
        service.variable_pay,
        service.base_salary,
        split_periods.period is not null as is_split
    from due
    inner join components
        on due.plan_version_id = components.plan_version_id and due.component = components.component
    left join split_periods
        on due.participant_id = split_periods.participant_id and due.period = split_periods.period
    inner join service
        on
            due.participant_id = service.participant_id
            and due.plan_version_id = service.plan_version_id
            and due.period = service.period
),

scoped as (
    select
        *,
        case
            when payout_scope in ('team', 'company') then payout_scope
            when is_split then 'segment'
            else 'participant'
        end as scope,
        case
            when payout_scope = 'team' then team_id
            when payout_scope = 'company' then 'company'
            when is_split then participant_id || '|' || plan_version_id
            else participant_id
        end as scope_id
    from based
),

measured as (
    select
        scoped.*,
        kpi_values.value as kpi_value,
        targets.target as kpi_target,
        case scoped.payout_on
            when 'score' then scores.score
            when 'kpi' then kpi_values.value
            else {{ ratio('kpi_values.value', 'targets.target') }}
        end as measured_value
    from scoped
    left join scores
        on
            scoped.participant_id = scores.participant_id
            and scoped.plan_version_id = scores.plan_version_id
            and scoped.period = scores.period
    left join kpi_values
        on
            scoped.scope = kpi_values.scope
            and scoped.scope_id = kpi_values.scope_id
            and scoped.payout_kpi = kpi_values.kpi
            and scoped.period = kpi_values.period
            and scoped.slice = kpi_values.slice
            and scoped.payout_variant = kpi_values.variant
    left join targets
        on
            scoped.scope = targets.scope
            and scoped.scope_id = targets.scope_id
            and scoped.payout_kpi = targets.kpi
            and scoped.period = targets.period
),

pointed as (
    select
        measured.*,
        {{ on_curve('measured.measured_value') }} as factor
    from measured
    inner join curves on measured.payout_curve_id = curves.curve_id
    left join segments
        on measured.payout_curve_id = segments.curve_id and {{ in_segment('measured.measured_value') }}
),

targeted as (
    select
        *,
        case target_pay_of
            when 'base_salary' then {{ prorated(times('base_salary', 'target_pay_share'), 'service_units', '12') }}
            when 'variable_pay' then {{ prorated(times('variable_pay', 'target_pay_share'), 'service_units', '12') }}
            else {{ prorated('target_pay_amount', 'service_units', 'months') }}
        end as target_pay_prorated
    from pointed
),

rated as (
    select
        *,
        cast(coalesce({{ times('target_pay_prorated', 'factor') }}, 0) as decimal(38, 16)) as rated_amount,
        cast({{ prorated('minimum_amount', 'service_units', 'months') }} as decimal(38, 16)) as minimum_money,
        cast({{ prorated_cap('service_units', 'months') }} as decimal(38, 16)) as cap_money
    from targeted
),

limited as (
    select
        *,
        case
            when
                minimum_money is not null
                and (measured_value > 0 or minimum_always or (measured_value < 0 and minimum_on_negative))
                then greatest(rated_amount, minimum_money)
            else rated_amount
        end as after_minimum
    from rated
),

bonuses as (
    select
        limited.participant_id,
        limited.plan,
        limited.plan_version_id,
        limited.component,
        limited.period,
        months.month as origin_period,
        period_months.month_no = period_months.months as is_last_month,
        limited.payout_on,
        limited.payout_kpi,
        limited.measured_value,
        limited.kpi_value,
        limited.kpi_target,
        limited.factor,
        limited.target_pay_prorated,
        limited.rated_amount,
        limited.after_minimum,
        least(limited.after_minimum, coalesce(limited.cap_money, limited.after_minimum)) as after_cap
    from limited
    inner join period_months on limited.period = period_months.period
    inner join months on period_months.month = months.month
)

select * from bonuses
