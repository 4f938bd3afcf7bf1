-- One row per entry that closing the open periods would book: what the data say today minus what was booked before.
-- Differences of closed origin periods fall into the first open period; later ones find nothing left to adjust.
with

earned as (select * from {{ ref('int_earned') }}),

booked as (select * from {{ ref('int_booked_amounts') }}),

open_period as (select * from {{ ref('int_open_period') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

company as (select * from {{ source('inputs', 'run') }}),

compared as (
    select
        coalesce(earned.participant_id, booked.participant_id) as participant_id,
        coalesce(earned.plan, booked.plan) as plan,
        coalesce(earned.component, booked.component) as component,
        coalesce(earned.origin_period, booked.origin_period) as origin_period,
        coalesce(earned.currency, booked.currency) as currency,
        {{ money('coalesce(earned.earned, 0)') }} as computed_amount,
        {{ money('coalesce(booked.amount, 0)') }} as booked_amount,
        {{ money('coalesce(earned.earned, 0) - coalesce(booked.amount, 0)') }} as amount
    from earned
    full outer join booked
        on
            earned.participant_id = booked.participant_id
            and earned.plan = booked.plan
            and earned.component = booked.component
            and earned.origin_period = booked.origin_period
),

entries as (
    select
        case when months.starts_on < open_period.starts_on then open_period.open_period else compared.origin_period end
            as booked_period,
        compared.origin_period,
        compared.participant_id,
        compared.plan,
        compared.component,
        case when months.starts_on < open_period.starts_on then 'adjustment' else 'earned' end as kind,
        '' as transaction_id,
        compared.computed_amount,
        compared.booked_amount,
        compared.amount,
        compared.currency
    from compared
    inner join months on compared.origin_period = months.month
    cross join open_period
    cross join company
    where
        compared.amount <> 0
        and months.starts_on >= open_period.adjusts_from
        and open_period.starts_on <= company.period_ends_on
)

select * from entries
