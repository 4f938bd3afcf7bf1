-- One row per participant, plan version, gated component, window and month in which it is judged: whether it is open.
-- Judged with the data up to the end of that month. Without a quota there is no attainment, and the gate stays closed; a
-- KPI without data cannot be judged and closes nothing.
with

components as (select * from {{ source('inputs', 'components') }} where gate_kpi is not null),

asked as (select * from {{ ref('int_judged_months') }}),

own_months as (
    select
        credits.participant_id,
        credits.plan_version_id,
        credits.component,
        credits.month,
        sum(credits.basis) as basis
    from {{ ref('int_rated_credits') }} as credits
    inner join components
        on credits.plan_version_id = components.plan_version_id and credits.component = components.component
    where components.gate_kpi = 'quota_attainment' and components.quota_kpi is not null
    group by all
),

quotas as (select * from {{ ref('int_window_quotas') }}),

targets as (select * from {{ ref('int_judged_targets') }}),

kpi_values as (select * from {{ ref('int_kpi_values') }}),

gated as (
    select
        asked.*,
        components.gate_kpi,
        components.gate_variant,
        components.gate_of_kpi,
        components.gate_comparison,
        components.gate_threshold,
        components.gate_over,
        components.quota_kpi,
        components.gate_kpi = 'quota_attainment' and components.quota_kpi is not null as is_own_quota,
        case when components.gate_over = 'period' then asked.window_to_date else asked.year_to_date end as value_period,
        {{ gate_target_period('components', 'asked') }} as target_period,
        case components.gate_over when 'period' then asked.window_starts_on else asked.year_starts_on end
            as range_starts_on,
        {{ scope_of('components.gate_scope', 'asked') }} as scope,
        {{ scope_id_of('components.gate_scope', 'asked') }} as scope_id
    from asked
    inner join components
        on asked.plan_version_id = components.plan_version_id and asked.component = components.component
),

own_values as (
    select
        gated.participant_id,
        gated.plan_version_id,
        gated.component,
        gated.window_period,
        gated.month,
        {{ money('coalesce(sum(own_months.basis), 0)') }} as value
    from gated
    left join own_months
        on
            gated.participant_id = own_months.participant_id
            and gated.plan_version_id = own_months.plan_version_id
            and gated.component = own_months.component
            and own_months.month between strftime(gated.range_starts_on, '%Y-%m') and gated.month
    where gated.is_own_quota
    group by all
),

valued as (
    select
        gated.*,
        own_values.value as own_measure,
        quotas.quota,
        case
            when gated.is_own_quota then {{ ratio('own_values.value', 'quotas.quota') }}
            when gated.gate_kpi = 'quota_attainment' then {{ ratio('kpi_values.value', 'targets.target') }}
            else kpi_values.value
        end as value
    from gated
    left join own_values
        on
            gated.participant_id = own_values.participant_id
            and gated.plan_version_id = own_values.plan_version_id
            and gated.component = own_values.component
            and gated.window_period = own_values.window_period
            and gated.month = own_values.month
    left join quotas
        on
            gated.participant_id = quotas.participant_id
            and gated.plan_version_id = quotas.plan_version_id
            and gated.quota_kpi = quotas.kpi
            and quotas.span = case gated.gate_over when 'period' then 'window' else gated.gate_over end
            and quotas.window_period = case gated.gate_over when 'period' then gated.window_period else gated.year end
            and gated.month = quotas.known_month
    left join kpi_values
        on
            gated.scope = kpi_values.scope
            and gated.scope_id = kpi_values.scope_id
            and coalesce(gated.gate_of_kpi, gated.gate_kpi) = kpi_values.kpi
            and gated.value_period = kpi_values.period
            and kpi_values.slice = 'all'
            and kpi_values.variant = case when gated.gate_of_kpi is null then gated.gate_variant else '' end
    left join targets
        on
            gated.scope = targets.scope
            and gated.scope_id = targets.scope_id
            and gated.gate_of_kpi = targets.kpi
            and gated.target_period = targets.period
            and gated.month = targets.known_month
),

gate_states as (
    select
        participant_id,
        plan_version_id,
        component,
        window_period,
        month,
        own_measure,
        quota,
        value,
        coalesce({{ passes_gate('value') }}, gate_kpi <> 'quota_attainment') as is_open,
        gate_kpi || case gate_comparison when 'at_least' then ' < ' else ' > ' end
        || cast({{ published('gate_threshold') }} as varchar) || ' (' || gate_over || ')' as closed_because
    from valued
)

select * from gate_states
