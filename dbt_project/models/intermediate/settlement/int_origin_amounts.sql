{{ config(meta=local_by(
    ['participant_id', 'plan', 'component', 'origin_period'],
    ['int_earned', 'int_clawbacks', 'int_booked_amounts']
)) }}
-- One row per participant, plan, component and origin period: what is computed for it today, and what was booked.
-- Deductions apart: what they take depends on the pay of the period they are booked in.
-- is_settled: what was booked stands, because the origin period lies beyond the retro window or its component is frozen
-- once closed. What is computed is then what was booked.
with

earned as (select * from {{ ref('int_earned') }}),

clawbacks as (select * from {{ ref('int_clawbacks') }} where not is_in_window),

booked as (select * from {{ ref('int_booked_amounts') }} where not is_deduction),

open_period as (select * from {{ ref('int_open_period') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

company as (select * from {{ source('inputs', 'run') }}),

frozen as (
    select distinct plan, component
    from {{ source('inputs', 'components') }}
    where is_frozen_after_close
),

computed as (
    select participant_id, plan, component, origin_period, currency, earned as amount from earned
    union all
    select participant_id, plan, component, origin_period, currency, amount from clawbacks
),

summed as (
    select
        participant_id,
        plan,
        component,
        origin_period,
        any_value(currency) as currency,
        {{ money('sum(amount)') }} as amount
    from computed
    group by participant_id, plan, component, origin_period
),

compared as (
    select
        coalesce(summed.participant_id, booked.participant_id) as participant_id,
        coalesce(summed.plan, booked.plan) as plan,
        coalesce(summed.component, booked.component) as component,
        coalesce(summed.origin_period, booked.origin_period) as origin_period,
        coalesce(summed.currency, booked.currency) as currency,
        {{ money('coalesce(summed.amount, 0)') }} as computed_amount,
        {{ money('coalesce(booked.amount, 0)') }} as booked_amount,
        {{ money('coalesce(booked.clawed_back, 0)') }} as booked_clawback,
        {{ money('coalesce(booked.paid_amount, 0)') }} as paid_amount
    from summed
    full outer join booked
        on
            summed.participant_id = booked.participant_id
            and summed.plan = booked.plan
            and summed.component = booked.component
            and summed.origin_period = booked.origin_period
),

judged as (
    select
        compared.*,
        greatest(compared.origin_period, open_period.open_period) as first_period,
        months.starts_on < open_period.starts_on as is_closed,
        months.starts_on < open_period.adjusts_from
        or (frozen.component is not null and months.starts_on < open_period.starts_on) as is_settled
    from compared
    inner join months on compared.origin_period = months.month
    cross join open_period
    cross join company
    left join frozen on compared.plan = frozen.plan and compared.component = frozen.component
    where open_period.starts_on <= company.period_ends_on
),

origin_amounts as (
    select * replace (case when is_settled then booked_amount else computed_amount end as computed_amount)
    from judged
)

select * from origin_amounts
