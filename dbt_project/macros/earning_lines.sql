{# The CTEs up to modifier_lines: one row per participant, plan version, component, month and modifier that changed
   something, as a line without a transaction. `results` has the columns of int_window_results. #}
{% macro modifier_lines(results, line="''") -%}
    summed as (
        select
            participant_id,
            plan,
            plan_version_id,
            component,
            month as origin_period,
            {{ line }} as line,
            sum(multiplier_change) as multiplier_change,
            sum(gate_change) as gate_change,
            sum(minimum_change) as minimum_change,
            sum(cap_change) as cap_change,
            max(factor_because) as factor_because,
            max(closed_because) filter (where not is_open) as closed_because
        from {{ results }}
        where multiplier_change <> 0 or gate_change <> 0 or minimum_change <> 0 or cap_change <> 0
        group by all
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
                line,
                -- Windows of two versions may end in one month.
                cast(
                    row_number() over (
                        partition by participant_id, plan, component, origin_period, line order by plan_version_id
                    ) as integer
                ) as slice,
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
                    participant_id, plan, component, origin_period, transaction_type, transaction_id, line
                order by plan_version_id, rate, basis_amount, why
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
