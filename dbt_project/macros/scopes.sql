{# Whose figures are one's own: with two plans in one period (a row of `split_periods`) each reads the days under it, the
   segment; otherwise the participant's figures are the plan's. `split_periods` must be in scope. #}
{% macro own_figures(reader) -%}
    case when split_periods.period is null then 'participant' else 'segment' end as own_scope,
        case
            when split_periods.period is null then {{ reader }}.participant_id
            else {{ reader }}.participant_id || '|' || {{ reader }}.plan_version_id
        end as own_scope_id
{%- endmacro %}

{# Whose figures a plan asks for: `asked` (team, company, own or nothing) as a scope of int_kpi_values and int_targets. #}
{% macro scope_of(asked, reader) -%}
    case when {{ asked }} in ('team', 'company') then {{ asked }} else {{ reader }}.own_scope end
{%- endmacro %}

{% macro scope_id_of(asked, reader) -%}
    case {{ asked }} when 'team' then {{ reader }}.team_id when 'company' then 'company' else {{ reader }}.own_scope_id end
{%- endmacro %}

{# What is known of a whole period only (an agreed objective, a figure that comes ready-made) holds for its parts: the
   participant whose figures stand in where the segment has none. #}
{% macro whole_id_of(asked, reader) -%}
    case
        when {{ reader }}.own_scope = 'segment' and {{ asked }} not in ('team', 'company') then {{ reader }}.participant_id
    end
{%- endmacro %}

{# Joins to `asked` (scope, scope_id, whole_id, kpi, period, slice, variant) its target and the value of `value_kpi`: as
   own_values, or as participant_values what is known of the whole period only. #}
{% macro with_values_and_target(value_kpi) -%}
    left join kpi_values as own_values
        on
            asked.scope = own_values.scope
            and asked.scope_id = own_values.scope_id
            and {{ value_kpi }} = own_values.kpi
            and asked.period = own_values.period
            and asked.slice = own_values.slice
            and asked.variant = own_values.variant
    left join kpi_values as participant_values
        on
            participant_values.scope = 'participant'
            and participant_values.is_of_whole_period
            and asked.whole_id = participant_values.scope_id
            and asked.kpi = participant_values.kpi
            and asked.period = participant_values.period
            and asked.slice = participant_values.slice
            and asked.variant = participant_values.variant
    left join targets
        on
            asked.scope = targets.scope
            and asked.scope_id = targets.scope_id
            and asked.kpi = targets.kpi
            and asked.period = targets.period
{%- endmacro %}
