-- One row per contract, plan, component and month of its schedule, from the month its commission was earned: cost to date,
-- the month's charge, what is left after it and when that will be charged. Months of closed periods stand as booked.
with

layers as (select * from {{ ref('cost_layers') }}),

booked as (select * from {{ source('booked', 'amortisation') }}),

run as (select * from {{ source('inputs', 'run') }}),

open_period as (
    select {{ month_number_of('open_period') }} as open_month from {{ ref('int_open_period') }}
),

-- What was booked before the open months, per contract.
bases as (
    select
        layers.deal_id,
        layers.plan,
        layers.component,
        layers.currency,
        {{ money('sum(layers.amount)') }} as cost_amount
    from layers
    cross join open_period
    where not layers.is_correction and layers.booked_month < open_period.open_month
    group by layers.deal_id, layers.plan, layers.component, layers.currency
),

spans as (
    select
        layers.*,
        greatest(layers.booked_month, open_period.open_month) as from_month
    from layers
    cross join open_period
    where layers.last_month >= open_period.open_month
),

spread as (
    select *, unnest(range(from_month, last_month + 1)) as month_no
    from spans
),

charges as (
    select
        deal_id,
        plan,
        component,
        currency,
        is_capitalised,
        month_no,
        case when month_no = booked_month and not is_correction then amount else 0 end as added,
        case when month_no = booked_month then amount else {{ left_of_layer('spread', 'month_no - 1') }} end as opening,
        {{ left_of_layer('spread', 'month_no') }} as remaining,
        {{ left_of_layer('spread', 'month_no + 12') }} as remaining_in_a_year
    from spread
),

months as (
    select
        deal_id,
        plan,
        component,
        currency,
        bool_or(is_capitalised) as is_capitalised,
        month_no,
        {{ money('sum(added)') }} as added,
        {{ money('sum(opening - remaining)') }} as amortised,
        {{ money('sum(remaining)') }} as remaining,
        {{ money('sum(remaining - remaining_in_a_year)') }} as current_part
    from charges
    group by deal_id, plan, component, currency, month_no
),

open_months as (
    select
        months.deal_id,
        months.component,
        {{ month_key('months.month_no') }} as period,
        months.plan,
        case
            when months.is_capitalised
                then
                    coalesce(bases.cost_amount, 0) + sum(months.added) over (
                        partition by months.deal_id, months.plan, months.component, months.currency
                        order by months.month_no
                        rows unbounded preceding
                    )
            else 0
        end as capitalised,
        months.added,
        months.amortised,
        months.remaining,
        months.current_part,
        months.currency,
        months.is_capitalised
    from months
    left join bases
        on
            months.deal_id = bases.deal_id
            and months.plan = bases.plan
            and months.component = bases.component
            and months.currency = bases.currency
),

combined as (
    select
        deal_id, component, period, plan, capitalised, added, amortised, remaining, current_part, currency,
        is_capitalised
    from booked
    union all
    select
        deal_id, component, period, plan, capitalised, added, amortised, remaining, current_part, currency,
        is_capitalised
    from open_months
),

amortisation as (
    select
        combined.deal_id,
        combined.component,
        combined.period,
        combined.plan,
        {{ money('combined.capitalised') }} as capitalised,
        {{ money('combined.added') }} as added,
        {{ money('combined.amortised') }} as amortised,
        {{ money('combined.remaining') }} as remaining,
        {{ money('combined.current_part') }} as current_part,
        {{ money('combined.remaining - combined.current_part') }} as non_current_part,
        combined.currency,
        combined.is_capitalised,
        run.run_id
    from combined
    cross join run
)

select * from amortisation
