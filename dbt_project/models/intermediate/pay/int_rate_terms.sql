-- One row per window and month whose rates are not simply those of the plan: personal rates (pay of the window ÷ its
-- quota, to ten places) and the highest rate a closed gate allows.
with

window_months as (select * from {{ ref('int_window_months') }}),

personal as (
    select distinct plan_version_id, component
    from {{ source('inputs', 'component_tiers') }}
    where rate_of is not null
),

components as (
    select components.*, personal.component is not null as is_personal
    from {{ source('inputs', 'components') }} as components
    left join personal
        on components.plan_version_id = personal.plan_version_id and components.component = personal.component
    where personal.component is not null or components.gate_else = 'rate_at_most'
),

service as (select * from {{ ref('int_service_shares') }}),

gates as (select * from {{ ref('int_gate_states') }}),

gates_again as (select * from {{ ref('int_recomputed_gates') }}),

paid as (
    select
        window_months.window_id,
        window_months.month,
        window_months.quota,
        components.target_pay_amount,
        components.target_pay_of,
        components.target_pay_share,
        case
            when components.gate_else = 'rate_at_most' and not coalesce(gates_again.is_open, gates.is_open, true)
                then components.gate_value
        end as rate_at_most,
        coalesce(service.months, 1) as months,
        coalesce(service.service_units, 0) as service_units,
        service.base_salary,
        service.variable_pay
    from window_months
    inner join components
        on
            window_months.plan_version_id = components.plan_version_id
            and window_months.component = components.component
    left join service
        on
            window_months.participant_id = service.participant_id
            and window_months.plan_version_id = service.plan_version_id
            and window_months.window_period = service.period
    left join gates
        on
            window_months.participant_id = gates.participant_id
            and window_months.plan_version_id = gates.plan_version_id
            and window_months.component = gates.component
            and window_months.window_period = gates.window_period
            and window_months.month = gates.month
    left join gates_again
        on window_months.window_id = gates_again.window_id and window_months.month = gates_again.month
),

rate_terms as (
    select
        window_id,
        month,
        rate_at_most,
        {{ ratio(prorated('base_salary', 'service_units', '12'), 'quota') }} as base_salary_rate,
        {{ ratio(prorated('variable_pay', 'service_units', '12'), 'quota') }} as variable_pay_rate,
        {{ ratio(target_pay_prorated('service_units', 'months'), 'quota') }} as target_pay_rate
    from paid
)

select * from rate_terms
