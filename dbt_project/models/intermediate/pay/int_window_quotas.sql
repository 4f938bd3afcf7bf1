-- One row per participant, plan version, KPI, span, its period and month in which it is evaluated: the quota in the
-- plan's currency, prorated to the days under this plan and as revised by the end of that month.
with

target_months as (select * from {{ ref('int_target_months') }} where scope = 'segment'),

components as (
    select distinct plan_version_id, quota_kpi as kpi
    from {{ source('inputs', 'components') }}
    where quota_kpi is not null
),

spans as (select * from {{ ref('int_quota_spans') }}),

plans as (select * from {{ source('inputs', 'plans') }}),

periods as (select * from {{ source('inputs', 'calendar_periods') }}),

period_months as (select * from {{ source('inputs', 'calendar_period_months') }}),

months as (select * from {{ source('inputs', 'calendar_months') }} where is_in_pay_calendar),

fx_rates as (select * from {{ ref('int_fx_rates') }}),

-- A period that begins before a currency's first rate takes that one.
first_rates as (select currency, arg_min(rate, valid_from) as rate from fx_rates group by currency),

plan_rates as (select * from {{ source('inputs', 'plan_fx_rates') }}),

evaluated as (
    select
        spans.participant_id,
        spans.plan_version_id,
        spans.participant_id || '|' || spans.plan_version_id as scope_id,
        components.kpi,
        spans.span,
        spans.window_period,
        periods.kind,
        plans.currency,
        months.month as known_month,
        months.starts_on as known_starts_on,
        months.ends_on as known_on
    from spans
    inner join components on spans.plan_version_id = components.plan_version_id
    inner join plans on spans.plan_version_id = plans.plan_version_id
    inner join periods on spans.window_period = periods.period
    inner join period_months on spans.window_period = period_months.period
    inner join months on period_months.month = months.month
),

asked as (
    select
        evaluated.*,
        period_months.month as target_month
    from evaluated
    inner join period_months
        on
            evaluated.window_period = period_months.period
            and (evaluated.span <> 'year_to_date' or evaluated.known_starts_on >= period_months.month_starts_on)
),

row_shares as (
    select
        asked.participant_id,
        asked.plan_version_id,
        asked.kpi,
        asked.span,
        asked.window_period,
        asked.known_month,
        asked.kind,
        asked.currency,
        target_months.source_period,
        any_value(target_months.value) as value,
        any_value(target_months.company_value) as company_value,
        any_value(target_months.currency) as target_currency,
        any_value(target_months.source_starts_on) as source_starts_on,
        any_value(target_months.source_weight) as source_weight,
        cast(sum(target_months.service_units) as bigint) as service_units,
        cast(max(target_months.service_units_so_far) as bigint) as service_units_so_far
    from asked
    inner join target_months
        on
            asked.scope_id = target_months.scope_id
            and asked.kpi = target_months.kpi
            and asked.target_month = target_months.month
            and asked.known_on between target_months.known_from and target_months.known_to
    group by all
),

-- What is measured at a rate of the plan is asked at that rate.
in_currency as (
    select
        row_shares.*,
        case
            when coalesce(row_shares.target_currency, row_shares.currency) = row_shares.currency then row_shares.value
            when plan_rates.rate is not null then {{ money(times('row_shares.value', 'plan_rates.rate')) }}
            else
                {{ money(times(
                    'row_shares.company_value', ratio('1', 'coalesce(fx_rates.rate, first_rates.rate)')
                )) }}
        end as quota_value
    from row_shares
    left join plan_rates
        on
            row_shares.plan_version_id = plan_rates.plan_version_id
            and row_shares.target_currency = plan_rates.currency
    left join first_rates on row_shares.currency = first_rates.currency
    left join fx_rates
        on
            row_shares.currency = fx_rates.currency
            and row_shares.source_starts_on >= fx_rates.valid_from
            and row_shares.source_starts_on < fx_rates.valid_to
),

quotas as (
    select
        participant_id,
        plan_version_id,
        kpi,
        span,
        window_period,
        known_month,
        {{ money("sum(
            case
                when kind = 'month'
                    then " ~ target_share('quota_value', 'service_units_so_far', 'source_weight') ~ "
                        - " ~ target_share('quota_value', '(service_units_so_far - service_units)', 'source_weight') ~ "
                else " ~ target_share('quota_value', 'service_units', 'source_weight') ~ "
            end
        )") }} as quota
    from in_currency
    group by participant_id, plan_version_id, kpi, span, window_period, known_month
)

select * from quotas
