-- One row per plan version, pool, period and group (team, role or company): the money to share out.
with

members as (select * from {{ ref('int_pool_members') }}),

currencies as (select * from {{ source('inputs', 'currencies') }}),

catalogue as (select * from {{ source('inputs', 'kpi_catalogue') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

fx_rates as (select * from {{ ref('int_plan_fx_rates') }}),

company as (select * from {{ source('inputs', 'run') }}),

-- A team and the company have one figure; the figure of a role is that of its people added up.
grouped as (
    select
        plan_version_id,
        component,
        period,
        group_id,
        any_value(group_kpi) as group_kpi,
        any_value(pool_amount) as pool_amount,
        any_value(pool_rate) as pool_rate,
        any_value(currency) as currency,
        any_value(origin_period) as origin_period,
        {{ money("case when any_value(within) = 'role' then sum(group_value) else max(group_value) end") }}
            as group_value
    from members
    group by plan_version_id, component, period, group_id
),

-- Figures in money are in the company's currency: they are paid out at the rate of the period's last day.
in_currency as (
    select
        grouped.*,
        currencies.minor_units,
        company.rounding,
        case
            when catalogue.unit = 'money' and grouped.currency <> company.currency
                then cast(coalesce(fx_rates.rate, 0) as decimal(18, 10))
            else cast(1 as decimal(18, 10))
        end as fx_rate
    from grouped
    cross join company
    inner join months on grouped.origin_period = months.month
    inner join currencies on grouped.currency = currencies.currency
    left join catalogue on grouped.group_kpi = catalogue.kpi
    left join fx_rates
        on
            grouped.plan_version_id = fx_rates.plan_version_id
            and company.currency = fx_rates.currency
            and months.ends_on >= fx_rates.valid_from
            and months.ends_on < fx_rates.valid_to
),

-- What is shared out is money: whole minor units. A loss is not shared.
pools as (
    select
        *,
        coalesce(
            pool_amount,
            greatest(
                {{ payable_money(
                    times('coalesce(group_value, 0)', 'cast(pool_rate * fx_rate as decimal(18, 10))'),
                    'minor_units',
                    'rounding'
                ) }},
                0
            )
        ) as pool
    from in_currency
)

select * from pools
