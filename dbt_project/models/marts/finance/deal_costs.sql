{{ config(schema="settlement", contract={"enforced": false}) }}
-- One row per contract, plan, component and origin period: the commission it costs, as computed today.
-- What a gate, multiplier or cap makes of a window counts for the window's deals so far, in proportion to what they earned;
-- what is taken back beside the window is its deal's alone. A minimum and a bonus are not caused by one contract: they are
-- no cost of it.
{% set window_columns = ['participant_id', 'plan', 'plan_version_id', 'component', 'window_key', 'currency'] %}
{% set window = window_columns | join(', ') %}
with

contracts as (select deal_id from {{ ref('int_contracts') }}),

lines as (
    select *, true as is_in_window, null as rounded_deal_id from {{ ref('int_earning_lines') }}
    where exists (select 1 from contracts)
    union all by name
    select *, false as is_in_window, regexp_extract(line, '^clawback (.*)$', 1) as rounded_deal_id
    from {{ ref('int_clawback_lines') }}
    where exists (select 1 from contracts)
),

components as (select * from {{ source('inputs', 'components') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

currencies as (select * from {{ source('inputs', 'currencies') }}),

placed as (
    select
        lines.participant_id,
        lines.plan,
        lines.plan_version_id,
        lines.component,
        lines.currency,
        lines.origin_period,
        lines.is_in_window,
        lines.amount,
        coalesce(
            nullif({{ deal_of_line('lines') }}, ''),
            nullif(lines.transaction_id, ''),
            -- What rounding leaves of a deal that is taken back.
            case when not lines.is_in_window then lines.rounded_deal_id end
        ) as deal_id,
        lines.transaction_type in ('gate', 'multiplier', 'cap') as is_shared,
        case components.accumulate
            when 'transaction' then {{ transaction_window_of('lines') }}
            when 'quarter' then months.quarter
            when 'year' then months.year
            else lines.origin_period
        end as window_key
    from lines
    inner join components
        on lines.plan_version_id = components.plan_version_id and lines.component = components.component
    inner join months on lines.origin_period = months.month
),

own as (
    select {{ window }}, origin_period, deal_id, {{ money('sum(amount)') }} as amount
    from placed
    where is_in_window and not is_shared and deal_id is not null
    group by all
),

shared as (
    select {{ window }}, origin_period, {{ money('sum(amount)') }} as amount
    from placed
    where is_shared
    group by all
),

-- Every month in which a window that shares something out has lines.
shared_months as (
    select {{ window }}, origin_period, {{ money('0') }} as amount
    from own
    where ({{ window }}) in (select ({{ window }}) from shared)
    union all
    select {{ window }}, origin_period, amount from shared
),

shared_so_far as (
    select
        {{ window }},
        origin_period,
        {{ money('sum(sum(amount)) over (partition by ' ~ window ~ ' order by origin_period)') }} as shared_amount
    from shared_months
    group by {{ window }}, origin_period
),

own_so_far as (
    select shared_so_far.*, own.deal_id, {{ money('sum(own.amount)') }} as amount
    from own
    inner join shared_so_far
        on
            {{ same_values('own', 'shared_so_far', window_columns) }}
            and own.origin_period <= shared_so_far.origin_period
    group by all
),

weighed as (
    select *, {{ money('sum(abs(amount)) over (partition by ' ~ window ~ ', origin_period)') }} as weight
    from own_so_far
),

costs_so_far as (
    select
        *,
        {{ money('amount + coalesce(' ~ times('shared_amount', ratio('abs(amount)', 'weight')) ~ ', 0)') }} as cost_so_far
    from weighed
),

parts as (
    select
        {{ window }},
        origin_period,
        deal_id,
        cost_so_far - coalesce(
            lag(cost_so_far) over (partition by {{ window }}, deal_id order by origin_period), 0
        ) as amount
    from costs_so_far
    union all
    select {{ window }}, origin_period, deal_id, amount from own
    where ({{ window }}) not in (select ({{ window }}) from shared)
    union all
    select {{ window }}, origin_period, deal_id, amount from placed
    where not is_in_window
),

by_participant as (
    select participant_id, deal_id, plan, component, origin_period, currency, {{ money('sum(amount)') }} as amount
    from parts
    group by participant_id, deal_id, plan, component, origin_period, currency
),

deal_costs as (
    select
        by_participant.deal_id,
        by_participant.plan,
        by_participant.component,
        by_participant.origin_period,
        by_participant.currency,
        {{ money('sum(' ~ half_up('by_participant.amount', 'currencies.minor_units') ~ ')') }} as amount
    from by_participant
    inner join contracts on by_participant.deal_id = contracts.deal_id
    inner join currencies on by_participant.currency = currencies.currency
    group by
        by_participant.deal_id, by_participant.plan, by_participant.component, by_participant.origin_period,
        by_participant.currency
)

select * from deal_costs
