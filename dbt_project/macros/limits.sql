{# A limit in money, prorated: an amount, or a share of the component's target pay, of salary or of variable pay. The
   columns target_pay_amount, base_salary and variable_pay (both yearly) must be in scope. #}
{% macro prorated_limit(amount, of, share, service_units, months) -%}
    case
        when {{ of }} is null then {{ prorated(amount, service_units, months) }}
        when {{ of }} = 'target_pay' then {{ prorated(times('target_pay_amount', share), service_units, months) }}
        when {{ of }} = 'base_salary' then {{ prorated(times('base_salary', share), service_units, '12') }}
        else {{ prorated(times('variable_pay', share), service_units, '12') }}
    end
{%- endmacro %}

{# A component's target pay, prorated: an amount, or a share of the yearly base_salary or variable_pay. The columns
   target_pay_amount, target_pay_of, target_pay_share, base_salary and variable_pay must be in scope. #}
{% macro target_pay_prorated(service_units, months) -%}
    case target_pay_of
        when 'base_salary' then {{ prorated(times('base_salary', 'target_pay_share'), service_units, '12') }}
        when 'variable_pay' then {{ prorated(times('variable_pay', 'target_pay_share'), service_units, '12') }}
        else {{ prorated('target_pay_amount', service_units, months) }}
    end
{%- endmacro %}

{# Windows and months with what limits their pay: the plan's minimum and cap, the factor of its multiplier, its gate, and
   the service to which limits are prorated. #}
{% macro limits_of_windows(rated_months) -%}
    select
        rated_months.*,
        components.minimum_amount as whole_minimum,
        components.minimum_always,
        components.minimum_on_negative,
        components.cap_of,
        components.cap_amount as whole_cap,
        components.cap_share,
        components.gate_else,
        components.gate_of,
        components.gate_value,
        components.gate_share,
        components.target_pay_amount,
        coalesce(factors.factor, 1) as factor,
        coalesce(factors.because, '') as factor_because,
        coalesce(factors.is_held, false) as is_held,
        -- A gate that nothing can be measured for, as after leaving, is closed.
        coalesce(gates_again.is_open, gates.is_open, components.gate_kpi is null) as is_open,
        coalesce(gates.closed_because, '') as closed_because,
        service.base_salary,
        service.variable_pay,
        coalesce(service.months, 1) as months,
        -- The window of a single transaction is no span of days: its limits are not prorated.
        case
            when rated_months.is_transaction then 95527740 * cast(coalesce(service.months, 1) as bigint)
            else coalesce(service.service_units, 0)
        end as service_units
    from {{ rated_months }} as rated_months
    inner join {{ source('inputs', 'components') }} as components
        on
            rated_months.plan_version_id = components.plan_version_id
            and rated_months.component = components.component
    left join {{ ref('int_service_shares') }} as service
        on
            rated_months.participant_id = service.participant_id
            and rated_months.plan_version_id = service.plan_version_id
            and rated_months.window_period = service.period
    left join {{ ref('int_multiplier_factors') }} as factors
        on
            rated_months.participant_id = factors.participant_id
            and rated_months.plan_version_id = factors.plan_version_id
            and rated_months.component = factors.component
            and rated_months.window_period = factors.window_period
            and rated_months.month = factors.month
    left join {{ ref('int_gate_states') }} as gates
        on
            rated_months.participant_id = gates.participant_id
            and rated_months.plan_version_id = gates.plan_version_id
            and rated_months.component = gates.component
            and rated_months.window_period = gates.window_period
            and rated_months.month = gates.month
    left join {{ ref('int_recomputed_gates') }} as gates_again
        on
            rated_months.participant_id = gates_again.participant_id
            and rated_months.plan_version_id = gates_again.plan_version_id
            and rated_months.component = gates_again.component
            and rated_months.window_id = gates_again.window_id
            and rated_months.month = gates_again.month
{%- endmacro %}
