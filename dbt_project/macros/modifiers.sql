{# What windows have earned so far, step by step in the order of the plan grammar: rates → multiplier → gate → minimum →
   cap. `rated` has a row per window and month (see int_rated_months). Exact; rounding comes once per participant,
   component and period. `*_change` is what a step added or took compared with the month before. #}
{% macro modified(rated) -%}
    with

    rated_months as (select * from {{ rated }}),

    limited as (
        {{ limits_of_windows('rated_months') }}
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
                    and not is_held
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

{# The period whose target a gate on attainment looks at. #}
{% macro gate_target_period(components, judged) -%}
    case {{ components }}.gate_over
        when 'period' then {{ judged }}.window_period
        when 'full_year' then {{ judged }}.year
        else {{ judged }}.year_to_date
    end
{%- endmacro %}

{# Whether a value passes a gate, on its boundary too; NULL without a value. The columns gate_comparison and
   gate_threshold must be in scope. #}
{% macro passes_gate(value) -%}
    case gate_comparison when 'at_least' then {{ value }} >= gate_threshold else {{ value }} <= gate_threshold end
{%- endmacro %}
