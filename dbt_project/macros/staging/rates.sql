{# Faults of rows whose money cannot be converted (see faults.sql). #}

{# Money in a foreign currency on a day before that currency's first rate: it cannot be converted, unless a plan in the
   company's currency gives a rate itself. `day` is an SQL expression; rows where it is NULL need no rate. #}
{% macro rate_faults(typed, day, fault_no) -%}
    select
        child._batch_no,
        child._row,
        {{ fault_no }} as fault_no,
        'quarantined' as state,
        'fx_rate_missing' as rule,
        'currency' as field,
        child.currency || ' on ' || cast({{ day }} as varchar) as value,
        'a rate of the currency on or before that day' as expected
    from {{ typed }} as child
    cross join {{ source('inputs', 'run') }} as company
    left join (
        select
            fx_rates.currency as fx_currency,
            min(fx_rates.rate_on) as first_rate_on
        from {{ ref('stg_fx_rates') }} as fx_rates
        group by fx_rates.currency
    ) as rated
        on child.currency = rated.fx_currency
    left join ({{ currencies_rated_by_plans() }}) as given on child.currency = given.currency
    where
        child._broken is null
        and not child.is_deleted
        and child.currency <> company.currency
        and {{ day }} is not null
        and (rated.first_rate_on is null or rated.first_rate_on > {{ day }})
        and given.currency is null
{%- endmacro %}

{# Targets in a foreign currency that has no rate at all. A period that begins before the first rate takes that one. #}
{% macro target_rate_faults(typed, fault_no) -%}
    select
        child._batch_no,
        child._row,
        {{ fault_no }} as fault_no,
        'quarantined' as state,
        'fx_rate_missing' as rule,
        'currency' as field,
        child.currency as value,
        'a currency of which a rate was delivered' as expected
    from {{ typed }} as child
    cross join {{ source('inputs', 'run') }} as company
    inner join {{ source('inputs', 'kpi_catalogue') }} as catalogue on child.kpi = catalogue.kpi
    left join (select distinct currency from {{ ref('stg_fx_rates') }}) as rated on child.currency = rated.currency
    left join ({{ currencies_rated_by_plans() }}) as given on child.currency = given.currency
    where
        child._broken is null
        and not child.is_deleted
        and catalogue.unit = 'money'
        and child.currency <> company.currency
        and rated.currency is null
        and given.currency is null
{%- endmacro %}

{# One row per currency for which a plan in the company's currency gives a rate. #}
{% macro currencies_rated_by_plans() -%}
    select distinct plan_rates.currency
    from {{ source('inputs', 'plan_fx_rates') }} as plan_rates
    inner join {{ source('inputs', 'plans') }} as plans on plan_rates.plan_version_id = plans.plan_version_id
    inner join {{ source('inputs', 'run') }} as home on plans.currency = home.currency
{%- endmacro %}
