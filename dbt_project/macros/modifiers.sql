{# What windows have earned so far, step by step in the order of the plan grammar: rates → multiplier → gate → minimum →
   cap. `rated` has a row per window and month (see int_rated_months). Exact; rounding comes once per participant,
   component and period. `*_change` is what a step added or took compared with the month before. #}
{% macro modified(rated) -%}
    with

    rated_months as (select * from {{ rated }}),

    components as (select * from {{ source('inputs', 'components') }}),

    service as (select * from {{ ref('int_service_shares') }}),

    factors as (select * from {{ ref('int_multiplier_factors') }}),

    gates as (select * from {{ ref('int_gate_states') }}),

    limited as (
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
            -- A gate that nothing can be measured for, as after leaving, is closed.
            coalesce(gates.is_open, components.gate_kpi is null) as is_open,
            coalesce(gates.closed_because, '') as closed_because,
            service.base_salary,
            service.variable_pay,
            coalesce(service.months, 1) as months,
            -- The window of a single transaction is no span of days: its limits are not prorated.
            case
                when rated_months.is_transaction then 95527740 * cast(coalesce(service.months, 1) as bigint)
                else coalesce(service.service_units, 0)
            end as service_units
        from rated_months
        inner join components
            on
                rated_months.plan_version_id = components.plan_version_id
                and rated_months.component = components.component
        left join service
            on
                rated_months.participant_id = service.participant_id
                and rated_months.plan_version_id = service.plan_version_id
                and rated_months.window_period = service.period
        left join factors
            on
                rated_months.participant_id = factors.participant_id
                and rated_months.plan_version_id = factors.plan_version_id
                and rated_months.component = factors.component
                and rated_months.window_period = factors.window_period
                and rated_months.month = factors.month
        left join gates
            on
                rated_months.participant_id = gates.participant_id
                and rated_months.plan_version_id = gates.plan_version_id
                and rated_months.component = gates.component
                and rated_months.window_period = gates.window_period
                and rated_months.month = gates.month
    ),

    limits as (
        select
            *,
            {{ exact(prorated('whole_minimum', 'service_units', 'months')) }} as minimum_money,
            {{ exact(prorated_limit('whole_cap', 'cap_of', 'cap_share', 'service_units', 'months')) }} as cap_money,
            case
                when gate_else = 'payout_at_most'
                    then {{ exact(prorated_limit('gate_value', 'gate_of', 'gate_share', 'service_units', 'months')) }}
            end as gate_money
        from limited
    ),

    multiplied as (
        select
            *,
            case when factor = 1 then rated_amount else {{ exact_times('rated_amount', 'factor') }} end
                as after_multiplier
        from limits
    ),

    -- Factors are multiplied with each other first, and rounded to ten places.
    gated as (
        select
            *,
            case
                when is_open or gate_else = 'rate_at_most' then after_multiplier
                when gate_else = 'factor'
                    then {{ exact_times('rated_amount', 'cast(factor * cast(gate_value as decimal(13, 10)) as decimal(18, 10))') }}
                when gate_else = 'payout_at_most' then least(after_multiplier, gate_money)
                else 0
            end as after_gate
        from multiplied
    ),

    with_minimum as (
        select
            *,
            case
                when
                    minimum_money is not null
                    and is_last_month
                    and (measured > 0 or minimum_always or (measured < 0 and minimum_on_negative))
                    then greatest(after_gate, minimum_money)
                else after_gate
            end as after_minimum
        from gated
    ),

    with_cap as (
        select *, least(after_minimum, coalesce(cap_money, after_minimum)) as after_cap
        from with_minimum
    ),

    results as (
        select
            window_id,
            participant_id,
            plan,
            plan_version_id,
            component,
            window_period,
            month,
            month_starts_on,
            is_last_month,
            measured,
            minimum_money as minimum_amount,
            cap_money as cap_amount,
            factor,
            factor_because,
            is_open,
            closed_because,
            rated_amount,
            after_multiplier,
            after_gate,
            after_minimum,
            after_cap,
            coalesce(lag(after_cap) over by_month, 0) as before_amount,
            {{ step_change('after_multiplier', 'rated_amount') }} as multiplier_change,
            {{ step_change('after_gate', 'after_multiplier') }} as gate_change,
            {{ step_change('after_minimum', 'after_gate') }} as minimum_change,
            {{ step_change('after_cap', 'after_minimum') }} as cap_change
        from with_cap
        window by_month as (partition by window_id order by month_starts_on)
    )

    select * from results
{%- endmacro %}

{# What a step adds in this month beyond what it had added by the month before. #}
{% macro step_change(after, before) -%}
    {{ after }} - {{ before }} - coalesce(lag({{ after }} - {{ before }}) over by_month, 0)
{%- endmacro %}

{# An amount as exact as products of money and a factor: DECIMAL(38,16). #}
{% macro exact(amount) -%}
    cast({{ amount }} as decimal(38, 16))
{%- endmacro %}

{# An exact amount times a factor: taken at 12 places, exact to the last of 16. #}
{% macro exact_times(amount, factor) -%}
    {{ exact("cast(" ~ amount ~ " as decimal(25, 12)) * cast(" ~ factor ~ " as decimal(13, 10))") }}
{%- endmacro %}

{# A rate times a personal rate, to ten places; 0 without one. #}
{% macro rate_times(rate, personal) -%}
    cast(coalesce(cast({{ rate }} as decimal(18, 10)) * cast({{ personal }} as decimal(18, 10)), 0) as decimal(24, 10))
{%- endmacro %}

{# The CTEs up to modifier_lines: one row per participant, plan version, component, month and modifier that changed
   something, as a line without a transaction. `results` has the columns of int_window_results. #}
{% macro modifier_lines(results) -%}
    summed as (
        select
            participant_id,
            plan,
            plan_version_id,
            component,
            month as origin_period,
            sum(multiplier_change) as multiplier_change,
            sum(gate_change) as gate_change,
            sum(minimum_change) as minimum_change,
            sum(cap_change) as cap_change,
            max(factor_because) as factor_because,
            max(closed_because) filter (where not is_open) as closed_because
        from {{ results }}
        where multiplier_change <> 0 or gate_change <> 0 or minimum_change <> 0 or cap_change <> 0
        group by participant_id, plan, plan_version_id, component, month
    ),

    modifier_lines as (
        {% for step, sort_key, why in [
            ('multiplier', 2, "'multiplied by ' || factor_because"),
            ('gate', 3, "coalesce('gate closed: ' || closed_because, 'gate open again')"),
            ('minimum', 4, "'raised to the minimum'"),
            ('cap', 5, "'cut at the cap'"),
        ] %}
            select
                participant_id,
                plan,
                plan_version_id,
                component,
                origin_period,
                '{{ step }}' as transaction_type,
                '' as transaction_id,
                '' as line,
                1 as slice,
                cast(null as date) as credited_on,
                {{ money('null') }} as basis_amount,
                cast(null as decimal(24, 6)) as tier_from,
                cast(null as decimal(24, 10)) as rate,
                {{ published(step ~ '_change') }} as amount,
                {{ sort_key }} as sort_key,
                {{ why }} as why
            from summed
            where {{ step }}_change <> 0
            {{ "union all" if not loop.last }}
        {% endfor %}
    )
{%- endmacro %}

{# Lines of components without rates as earning lines (see int_base_lines). #}
{% macro shown_lines(lines) -%}
    select
        participant_id,
        plan,
        plan_version_id,
        component,
        origin_period,
        transaction_type,
        transaction_id,
        line,
        cast(
            row_number() over (
                partition by
                    participant_id, plan_version_id, component, origin_period, transaction_type, transaction_id, line
                order by rate, basis_amount, why
            ) as integer
        ) as slice,
        credited_on,
        basis_amount,
        tier_from,
        rate,
        {{ published('amount') }} as amount,
        1 as sort_key,
        why
    from {{ lines }}
{%- endmacro %}

{# A guarantee (`minimum: always`) of a type that has lines only where something is paid: an empty line for everybody under
   the plan in each month. #}
{% macro guaranteed_months(type) -%}
    select
        plan_months.participant_id,
        plan_months.plan,
        plan_months.plan_version_id,
        components.component,
        plan_months.month as window_period,
        plan_months.month as origin_period,
        cast(0 as decimal(24, 10)) as measured,
        cast(0 as decimal(38, 16)) as amount
    from {{ ref('int_plan_months') }} as plan_months
    inner join {{ source('inputs', 'components') }} as components
        on plan_months.plan_version_id = components.plan_version_id
    where components.type = '{{ type }}' and components.minimum_always
{%- endmacro %}
