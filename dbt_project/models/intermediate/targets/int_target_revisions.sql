-- One row per delivered target revision with the days on which it is the newest one known.
with

targets as (select * from {{ ref('stg_targets') }}),

catalogue as (select * from {{ source('inputs', 'kpi_catalogue') }}),

periods as (select * from {{ source('inputs', 'calendar_periods') }}),

company as (select * from {{ source('inputs', 'run') }}),

fx_rates as (select * from {{ ref('int_fx_rates') }}),

addressed as (
    select
        case
            when targets.participant_id is not null then 'participant'
            when targets.team_id is not null then 'team'
            else 'company'
        end as scope,
        coalesce(targets.participant_id, targets.team_id, 'company') as scope_id,
        targets.kpi,
        targets.period as source_period,
        periods.months as source_months,
        periods.starts_on as source_starts_on,
        targets.revision,
        coalesce(targets.revised_on, date '1900-01-01') as known_from,
        targets.value,
        case when catalogue.unit = 'money' then coalesce(targets.currency, company.currency) end as currency,
        catalogue.is_additive
    from targets
    inner join catalogue on targets.kpi = catalogue.kpi
    inner join periods on targets.period = periods.period
    cross join company
),

dated as (
    select
        *,
        -- A revision rules from its day until a higher one is known.
        coalesce(
            min(known_from) over (
                partition by scope, scope_id, kpi, source_period
                order by revision
                rows between 1 following and unbounded following
            ) - 1,
            date '9999-12-31'
        ) as known_to
    from addressed
),

-- A period that begins before a currency's first rate takes that one.
first_rates as (select currency, arg_min(rate, valid_from) as rate from fx_rates group by currency),

revisions as (
    select
        dated.*,
        coalesce(fx_rates.rate, first_rates.rate, 1) as rate,
        {{ money_times('dated.value', 'coalesce(fx_rates.rate, first_rates.rate, 1)') }} as company_value
    from dated
    left join first_rates on dated.currency = first_rates.currency
    left join fx_rates
        on
            dated.currency = fx_rates.currency
            and dated.source_starts_on >= fx_rates.valid_from
            and dated.source_starts_on < fx_rates.valid_to
)

select * from revisions
where known_from <= known_to
