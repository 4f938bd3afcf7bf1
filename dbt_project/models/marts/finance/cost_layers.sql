{{ config(schema="settlement", contract={"enforced": false}) }}
-- One row per contract, plan, component and month that booked (or would book) a cost for it: the even monthly charge, the
-- month it begins and the month that takes the remainder. A cost booked after the start is spread over the months left.
-- Where booked charges differ from what the terms say today (a late cancellation, a changed term), the difference is a
-- layer of the open month: booked months stand.
with

booked as (select * from {{ source('booked', 'cost_entries') }}),

booked_charges as (select * from {{ source('booked', 'amortisation') }}),

entries as (select * from {{ ref('cost_entries') }}),

contracts as (select * from {{ ref('int_contracts') }}),

currencies as (select * from {{ source('inputs', 'currencies') }}),

open_period as (
    select open_period, {{ month_number_of('open_period') }} as open_month from {{ ref('int_open_period') }}
),

costs as (
    select deal_id, plan, component, currency, booked_period, amount, false as is_correction from booked
    union all
    select deal_id, plan, component, currency, booked_period, amount, false as is_correction from entries
),

summed as (
    select
        deal_id,
        plan,
        component,
        currency,
        {{ month_number_of('booked_period') }} as booked_month,
        is_correction,
        {{ money('sum(amount)') }} as amount
    from costs
    group by deal_id, plan, component, currency, booked_period, is_correction
),

layers as (
    {{ placed_layers('summed') }}
),

expected as (
    select
        layers.deal_id,
        layers.plan,
        layers.component,
        layers.currency,
        sum({{ left_of_layer('layers', 'open_period.open_month - 1') }}) as remaining
    from layers
    cross join open_period
    where layers.booked_month < open_period.open_month
    group by layers.deal_id, layers.plan, layers.component, layers.currency
),

left_by_closes as (
    select
        booked_charges.deal_id, booked_charges.plan, booked_charges.component, booked_charges.currency,
        booked_charges.remaining
    from booked_charges
    cross join open_period
    where booked_charges.remaining <> 0 and {{ month_number_of('booked_charges.period') }} = open_period.open_month - 1
),

corrections as (
    select
        expected.deal_id,
        expected.plan,
        expected.component,
        expected.currency,
        open_period.open_month as booked_month,
        true as is_correction,
        {{ money('coalesce(left_by_closes.remaining, 0) - expected.remaining') }} as amount
    from expected
    left join left_by_closes
        on
            expected.deal_id = left_by_closes.deal_id
            and expected.plan = left_by_closes.plan
            and expected.component = left_by_closes.component
            and expected.currency = left_by_closes.currency
    cross join open_period
    where coalesce(left_by_closes.remaining, 0) <> expected.remaining
),

cost_layers as (
    select * from layers
    union all
    {{ placed_layers('corrections') }}
)

select * from cost_layers
