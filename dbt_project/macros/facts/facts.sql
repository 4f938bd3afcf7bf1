{# The steps every fact shares. Rows of events carry range_id, month, their dimensions and additive measures; a slice is
   a restriction that a plan asks for; scopes are participants, teams, the company and segments. #}

{# One row per slice that some KPI of this base is asked for. Empty when none is: then the fact costs nothing. #}
{% macro requested_slices(base) -%}
    select distinct requests.slice
    from {{ source('inputs', 'kpi_requests') }} as requests
    inner join {{ source('inputs', 'kpi_catalogue') }} as catalogue on requests.kpi = catalogue.kpi
    where catalogue.base = '{{ base }}'
{%- endmacro %}

{# True when some KPI of this base is asked for; keeps a scan from happening otherwise. #}
{% macro is_requested(base) -%}
    exists ({{ requested_slices(base) }})
{%- endmacro %}

{# One row per slice in `slices` and combination of field values in `rows` that falls into it: for every field the slice
   names, the value is one of those listed. The slice `all` names none. #}
{% macro slice_matches(rows, fields, slices) -%}
    select
        slices.slice,
        {% for field in fields %}combinations.{{ field }}{{ ", " if not loop.last }}{% endfor %}
    from (select distinct {{ fields | join(', ') }} from {{ rows }}) as combinations
    cross join {{ slices }} as slices
    left join {{ source('inputs', 'slice_filters') }} as filters on slices.slice = filters.slice
    group by slices.slice, {% for field in fields %}combinations.{{ field }}{{ ", " if not loop.last }}{% endfor %}
    having
        count(distinct filters.field) = count(
            distinct case
                when
                    filters.value = case filters.field
                        {% for field in fields %}when '{{ field }}' then combinations.{{ field }}
                        {% endfor %}end
                    then filters.field
            end
        )
{%- endmacro %}

{# The join of rows to their slices; the values may be missing on both sides. #}
{% macro same_values(left, right, fields) -%}
    {% for field in fields %}{{ left }}.{{ field }} is not distinct from {{ right }}.{{ field }}{{ " and " if not loop.last }}{% endfor %}
{%- endmacro %}

{# Measures of ranges added up to every scope the range feeds: one row per scope, scope_id, `keys`. #}
{% macro by_scope(rows, keys, measures) -%}
    select
        members.scope,
        members.scope_id,
        {% for key in keys %}{{ rows }}.{{ key }},
        {% endfor %}{{ summed(rows, measures) }}
    from {{ rows }}
    inner join {{ ref('int_scope_members') }} as members on {{ rows }}.range_id = members.range_id
    group by members.scope, members.scope_id{% for key in keys %}, {{ rows }}.{{ key }}{% endfor %}
{%- endmacro %}

{# Months added up to months, quarters and years. #}
{% macro by_period(rows, measures) -%}
    select
        {{ rows }}.scope,
        {{ rows }}.scope_id,
        period_months.period,
        {{ rows }}.slice,
        {{ summed(rows, measures) }}
    from {{ rows }}
    inner join {{ source('inputs', 'period_months') }} as period_months on {{ rows }}.month = period_months.month
    group by {{ rows }}.scope, {{ rows }}.scope_id, period_months.period, {{ rows }}.slice
{%- endmacro %}

{# Sums that keep the type of what they add: money stays money, counts stay counts. `measures` maps names to types. #}
{% macro summed(rows, measures) -%}
    {% for name, type in measures.items() %}cast(coalesce(sum({{ rows }}.{{ name }}), 0) as {{ type }}) as {{ name }}{{ ", " if not loop.last }}
    {% endfor %}
{%- endmacro %}

{# `summed` over the rows that fulfil a condition. #}
{% macro summed_when(rows, measures, condition) -%}
    {% for name, type in measures.items() %}cast(sum(case when {{ condition }} then {{ rows }}.{{ name }} else 0 end) as {{ type }}) as {{ name }}{{ ", " if not loop.last }}
    {% endfor %}
{%- endmacro %}

{# One row per scope and period in which it existed, and slice asked for; measures without rows are 0. Figures of somebody
   who has left (a late receipt, say) keep their row. #}
{% macro without_gaps(rows, base, measures) -%}
    select
        coalesce({{ rows }}.scope, expected.scope) as scope,
        coalesce({{ rows }}.scope_id, expected.scope_id) as scope_id,
        coalesce({{ rows }}.period, expected.period) as period,
        coalesce({{ rows }}.slice, expected.slice) as slice,
        {% for name in measures %}coalesce({{ rows }}.{{ name }}, 0) as {{ name }}{{ ", " if not loop.last }}
        {% endfor %}
    from (
        select scope_periods.*, slices.slice
        from {{ ref('int_scope_periods') }} as scope_periods
        cross join ({{ requested_slices(base) }}) as slices
    ) as expected
    full outer join {{ rows }}
        on
            expected.scope = {{ rows }}.scope
            and expected.scope_id = {{ rows }}.scope_id
            and expected.period = {{ rows }}.period
            and expected.slice = {{ rows }}.slice
{%- endmacro %}

{# A numerator or denominator of a KPI. #}
{% macro kpi_number(expression) -%}
    cast({{ expression }} as decimal(26, 10))
{%- endmacro %}

{# The business day of a UTC instant in the company's time zone. #}
{% macro business_day(instant, time_zone) -%}
    cast(timezone({{ time_zone }}, timezone('UTC', {{ instant }})) as date)
{%- endmacro %}

{# Score, sheets and objectives of one KPI among the rows of int_objective_facts. #}
{% macro sheet_sums(kpi) -%}
    coalesce(sum(placed.score) filter (where placed.kpi = '{{ kpi }}'), 0) as {{ kpi }}_score,
        count(*) filter (where placed.kpi = '{{ kpi }}') as {{ kpi }}_sheets,
        coalesce(sum(placed.objective_count) filter (where placed.kpi = '{{ kpi }}'), 0) as {{ kpi }}_count
{%- endmacro %}
