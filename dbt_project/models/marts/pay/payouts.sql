{{ config(meta=local_by(['participant_id', 'plan', 'component', 'period'], ['int_open_payouts'])) }}
-- One row per participant, period, plan and component: what is payable and how it comes about.
-- payable = earned + adjustment − held + released − clawed_back + drawn − recovered.
with

open_payouts as (select * from {{ ref('int_open_payouts') }}),

closed_payouts as (select * from {{ source('booked', 'payouts') }}),

run as (select * from {{ source('inputs', 'run') }}),

combined as (
    select
        participant_id,
        period,
        plan,
        component,
        earned,
        payable,
        adjustment,
        held,
        released,
        clawed_back,
        drawn,
        recovered,
        balance_owed,
        currency,
        status,
        plan_version
    from open_payouts
    union all
    select
        participant_id,
        period,
        plan,
        component,
        earned,
        payable,
        adjustment,
        held,
        released,
        clawed_back,
        drawn,
        recovered,
        balance_owed,
        currency,
        'closed' as status,
        plan_version
    from closed_payouts
),

payouts as (
    select
        combined.participant_id,
        combined.period,
        combined.plan,
        combined.component,
        {{ money('combined.earned') }} as earned,
        {{ money('combined.payable') }} as payable,
        {{ money('combined.adjustment') }} as adjustment,
        {{ money('combined.held') }} as held,
        {{ money('combined.released') }} as released,
        {{ money('combined.clawed_back') }} as clawed_back,
        {{ money('combined.drawn') }} as drawn,
        {{ money('combined.recovered') }} as recovered,
        {{ money('combined.balance_owed') }} as balance_owed,
        combined.currency,
        combined.status,
        combined.plan_version,
        run.run_id
    from combined
    cross join run
)

select * from payouts
