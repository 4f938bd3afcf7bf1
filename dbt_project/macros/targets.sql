{# What was asked of whom: the CTEs from target rows to `targets`, one row per scope member, KPI and `keys`. The query has a
   CTE `measured` before them: periods (period, kind, months, starts_on, ends_on), the day as known on which (known_on),
   and `keys`, which tell them apart. #}
{% macro targets_as_known(keys) -%}
{%- set own_keys = keys | join(', ') -%}
{%- set measured_keys = 'measured.' ~ keys | join(', measured.') -%}
scope_members as (select * from {{ ref('int_scope_members') }} where scope = 'segment'),

-- Only who changes the plan within a year is measured by segments.
target_months as (
    select * from {{ ref('int_target_months') }}
    where scope <> 'segment' or scope_id in (select scope_id from scope_members)
),

revisions as (select * from {{ ref('int_target_revisions') }} where not is_additive),

ranges as (select * from {{ ref('int_participant_ranges') }}),

period_months as (select * from {{ source('inputs', 'calendar_period_months') }}),

periods as (select * from {{ source('inputs', 'calendar_periods') }}),

-- A month inside a spread row is the rounded cumulative value minus that of the month before.
monthly as (
    select
        target_months.scope,
        target_months.scope_id,
        target_months.kpi,
        {{ measured_keys }},
        {{ target_share(
            'target_months.company_value', 'target_months.service_units_so_far', 'target_months.source_weight'
        ) }}
        - {{ target_share(
            'target_months.company_value',
            '(target_months.service_units_so_far - target_months.service_units)',
            'target_months.source_weight'
        ) }} as target
    from target_months
    inner join measured
        on
            target_months.month = measured.period
            and measured.known_on between target_months.known_from and target_months.known_to
),

in_longer as (
    select
        target_months.scope,
        target_months.scope_id,
        target_months.kpi,
        {{ measured_keys }},
        target_months.source_period,
        target_months.source_months,
        target_months.source_weight,
        target_months.company_value,
        target_months.service_units
    from measured
    inner join period_months on measured.period = period_months.period
    inner join target_months
        on
            period_months.month = target_months.month
            and measured.known_on between target_months.known_from and target_months.known_to
    where measured.kind <> 'month'
),

-- A longer span is each of its rows' share rounded once, then added up; the row of a month is a share by itself.
row_shares as (
    select scope, scope_id, kpi, {{ own_keys }}, company_value as value, source_weight, service_units
    from in_longer
    where source_months = 1
    union all
    select
        scope,
        scope_id,
        kpi,
        {{ own_keys }},
        any_value(company_value) as value,
        any_value(source_weight) as source_weight,
        cast(sum(service_units) as bigint) as service_units
    from in_longer
    where source_months > 1
    group by scope, scope_id, kpi, {{ own_keys }}, source_period
),

longer as (
    select scope, scope_id, kpi, {{ own_keys }}, sum({{ target_share('value', 'service_units', 'source_weight') }}) as target
    from row_shares
    group by scope, scope_id, kpi, {{ own_keys }}
),

segments as (
    select distinct ranges.participant_id, scope_members.scope_id
    from scope_members
    inner join ranges on scope_members.range_id = ranges.range_id
),

-- What is asked of a participant is asked under each of the plans of a year.
ratios as (
    select * from revisions
    union all
    select 'segment' as scope, segments.scope_id, revisions.* exclude (scope, scope_id)
    from revisions
    inner join segments on revisions.scope_id = segments.participant_id
    where revisions.scope = 'participant'
),

-- A ratio is asked of every part of its period alike: the shortest row that covers the period rules.
constant as (
    select
        ratios.scope,
        ratios.scope_id,
        ratios.kpi,
        {{ measured_keys }},
        arg_min(ratios.company_value, ratios.source_months) as target
    from ratios
    inner join periods as source_periods on ratios.source_period = source_periods.period
    inner join measured
        on
            source_periods.starts_on <= measured.starts_on
            and source_periods.ends_on >= measured.ends_on
            and measured.known_on between ratios.known_from and ratios.known_to
    group by ratios.scope, ratios.scope_id, ratios.kpi, {{ measured_keys }}
),

targets as (
    select scope, scope_id, kpi, {{ own_keys }}, {{ money('target') }} as target from monthly
    union all
    select scope, scope_id, kpi, {{ own_keys }}, {{ money('target') }} as target from longer
    union all
    select scope, scope_id, kpi, {{ own_keys }}, {{ money('target') }} as target from constant
)
{%- endmacro %}
