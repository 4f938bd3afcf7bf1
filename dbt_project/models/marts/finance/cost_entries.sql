{{ config(schema="settlement", contract={"enforced": false}) }}
-- One row per contract, plan, component and origin period whose cost the open periods would book: computed less booked.
-- Closing keeps those of its period, as it keeps the entries of the ledger; the same origin periods are open to it.
with

computed as (select * from {{ ref('deal_costs') }}),

booked as (
    select
        deal_id,
        plan,
        component,
        origin_period,
        currency,
        {{ money('sum(amount)') }} as amount
    from {{ source('booked', 'cost_entries') }}
    group by deal_id, plan, component, origin_period, currency
),

open_period as (select * from {{ ref('int_open_period') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

run as (select * from {{ source('inputs', 'run') }}),

compared as (
    select
        coalesce(computed.deal_id, booked.deal_id) as deal_id,
        coalesce(computed.plan, booked.plan) as plan,
        coalesce(computed.component, booked.component) as component,
        coalesce(computed.origin_period, booked.origin_period) as origin_period,
        coalesce(computed.currency, booked.currency) as currency,
        {{ money('coalesce(computed.amount, 0) - coalesce(booked.amount, 0)') }} as amount
    from computed
    full outer join booked
        on
            computed.deal_id = booked.deal_id
            and computed.plan = booked.plan
            and computed.component = booked.component
            and computed.origin_period = booked.origin_period
            and computed.currency = booked.currency
),

cost_entries as (
    select
        compared.deal_id,
        compared.plan,
        compared.component,
        greatest(compared.origin_period, open_period.open_period) as booked_period,
        compared.origin_period,
        compared.currency,
        compared.amount
    from compared
    inner join months on compared.origin_period = months.month
    cross join open_period
    cross join run
    where
        compared.amount <> 0
        and months.starts_on >= open_period.adjusts_from
        and months.starts_on <= run.period_ends_on
        and open_period.starts_on <= run.period_ends_on
)

select * from cost_entries
