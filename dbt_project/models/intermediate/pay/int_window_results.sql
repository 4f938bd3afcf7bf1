-- One row per window and month: what the window has earned so far, step by step in the order of the plan grammar:
-- rates → minimum → cap. Exact; rounding comes once per participant, component and period.
with

window_months as (select * from {{ ref('int_window_months') }}),

components as (select * from {{ source('inputs', 'components') }}),

service as (select * from {{ ref('int_service_shares') }}),

rated as (
    select window_id, origin_period, sum(amount) as amount
    from {{ ref('int_rated_lines') }}
    group by window_id, origin_period
),

so_far as (
    select
        window_months.*,
        cast(
            coalesce(
                sum(rated.amount) over (
                    partition by window_months.window_id
                    order by window_months.month_starts_on
                    rows unbounded preceding
                ),
                0
            ) as decimal(38, 16)
        ) as rated_amount
    from window_months
    left join rated on window_months.window_id = rated.window_id and window_months.month = rated.origin_period
),

serviced as (
    select
        so_far.*,
        components.minimum_amount as whole_minimum,
        components.minimum_always,
        components.minimum_on_negative,
        components.cap_of,
        components.cap_amount,
        components.cap_share,
        components.target_pay_amount,
        service.base_salary,
        service.variable_pay,
        coalesce(service.months, 1) as months,
        -- The window of a single transaction is no span of days: its limits are not prorated.
        case
            when so_far.accumulate = 'transaction' then 95527740 * cast(coalesce(service.months, 1) as bigint)
            else coalesce(service.service_units, 0)
        end as service_units
    from so_far
    inner join components
        on so_far.plan_version_id = components.plan_version_id and so_far.component = components.component
    left join service
        on
            so_far.participant_id = service.participant_id
            and so_far.plan_version_id = service.plan_version_id
            and so_far.window_period = service.period
),

limits as (
    select
        * exclude (cap_amount),
        cast({{ prorated('whole_minimum', 'service_units', 'months') }} as decimal(38, 16)) as minimum_amount,
        cast({{ prorated_cap('service_units', 'months') }} as decimal(38, 16)) as cap_amount
    from serviced
),

with_minimum as (
    select
        *,
        case
            when
                minimum_amount is not null
                and is_last_month
                and (basis_so_far > 0 or minimum_always or (basis_so_far < 0 and minimum_on_negative))
                then greatest(rated_amount, minimum_amount)
            else rated_amount
        end as after_minimum
    from limits
),

with_cap as (
    select *, least(after_minimum, coalesce(cap_amount, after_minimum)) as after_cap
    from with_minimum
),

results as (
    select
        window_id,
        participant_id,
        plan,
        plan_version_id,
        component,
        window_period,
        month,
        month_starts_on,
        is_last_month,
        basis_so_far,
        reach_so_far,
        quota,
        minimum_amount,
        cap_amount,
        rated_amount,
        after_minimum,
        after_cap,
        coalesce(lag(after_cap) over by_month, 0) as before_amount,
        after_minimum - rated_amount - coalesce(lag(after_minimum - rated_amount) over by_month, 0) as minimum_change,
        after_cap - after_minimum - coalesce(lag(after_cap - after_minimum) over by_month, 0) as cap_change
    from with_cap
    window by_month as (partition by window_id order by month_starts_on)
)

select * from results
