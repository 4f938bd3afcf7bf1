-- One row per line of a clawback beside its component's window: what is taken back of a deal at one rate, and what
-- rounding leaves of the deal's clawback.
with

taken_back as (select * from {{ ref('int_taken_back') }}),

clawbacks as (select * from {{ ref('int_clawbacks') }} where not is_in_window),

months as (select * from {{ source('inputs', 'calendar_months') }} where is_payable),

lines as (
    select
        taken_back.participant_id,
        taken_back.plan,
        taken_back.plan_version_id,
        taken_back.component,
        taken_back.origin_period,
        'clawback' as transaction_type,
        taken_back.deal_id as transaction_id,
        taken_back.line,
        taken_back.event_on as credited_on,
        taken_back.earned_on,
        taken_back.basis_amount,
        taken_back.tier_from,
        taken_back.rate,
        taken_back.amount,
        7 as sort_key,
        'takes back what ' || taken_back.reverses_period || ' earned' as why,
        taken_back.currency
    from taken_back
    inner join months on taken_back.origin_period = months.month
),

added_up as (
    select participant_id, plan, component, origin_period, transaction_id, {{ money('sum(amount)') }} as amount
    from lines
    group by participant_id, plan, component, origin_period, transaction_id
),

complete as (
    select * from lines
    union all
    select
        clawbacks.participant_id,
        clawbacks.plan,
        clawbacks.plan_version_id,
        clawbacks.component,
        clawbacks.origin_period,
        'rounding' as transaction_type,
        '' as transaction_id,
        'clawback ' || clawbacks.transaction_id as line,
        clawbacks.event_on as credited_on,
        null as earned_on,
        {{ money('null') }} as basis_amount,
        null as tier_from,
        null as rate,
        {{ money('clawbacks.amount - added_up.amount') }} as amount,
        7 as sort_key,
        'rounded once per deal taken back' as why,
        clawbacks.currency
    from clawbacks
    inner join added_up
        on
            clawbacks.participant_id = added_up.participant_id
            and clawbacks.plan = added_up.plan
            and clawbacks.component = added_up.component
            and clawbacks.origin_period = added_up.origin_period
            and clawbacks.transaction_id = added_up.transaction_id
    where clawbacks.amount <> added_up.amount
),

sliced as (
    select
        *,
        cast(
            row_number() over (
                partition by
                    participant_id, plan, component, origin_period, transaction_type, transaction_id, line
                order by why, tier_from, rate, earned_on
            ) as integer
        ) as slice
    from complete
)

select * from sliced
