-- One row per participant, plan, component, origin period and deal: what events of that period take back of the deal's
-- earnings, rounded once (cumulatively, so that several events add up). is_in_window: it is part of what the component's
-- window earns (charge at the current rate) and contained in int_earned.
with

lost_credits as (
    select distinct participant_id, plan_version_id, component, transaction_id, line, earned_on
    from {{ ref('int_lost_credits') }}
),

in_windows as (
    select
        lines.participant_id,
        lines.plan,
        lines.plan_version_id,
        lines.component,
        lines.origin_period,
        lines.transaction_id as deal_id,
        lines.currency,
        strftime(lost_credits.earned_on, '%Y-%m') as reverses_period,
        lines.credited_on as event_on,
        lines.amount,
        true as is_in_window
    from {{ ref('int_earning_lines') }} as lines
    inner join lost_credits
        on
            lines.participant_id = lost_credits.participant_id
            and lines.plan_version_id = lost_credits.plan_version_id
            and lines.component = lost_credits.component
            and lines.transaction_id = lost_credits.transaction_id
            and lines.line = lost_credits.line
    where
        lines.transaction_type = 'clawback'
        and exists (select 1 from {{ ref('int_clawback_shares') }} where charge = 'current_rate')
),

taken_back as (
    select *, false as is_in_window from {{ ref('int_taken_back') }}
    union all by name
    select * from in_windows
),

months as (select * from {{ source('inputs', 'calendar_months') }} where is_payable),

currencies as (select * from {{ source('inputs', 'currencies') }}),

company as (select * from {{ source('inputs', 'run') }}),

summed as (
    select
        taken_back.participant_id,
        taken_back.plan,
        taken_back.plan_version_id,
        taken_back.component,
        taken_back.origin_period,
        taken_back.deal_id as transaction_id,
        taken_back.is_in_window,
        taken_back.currency,
        min(taken_back.reverses_period) as reverses_period,
        max(taken_back.event_on) as event_on,
        {{ money('sum(taken_back.amount)') }} as amount
    from taken_back
    inner join months on taken_back.origin_period = months.month
    group by all
),

so_far as (
    select
        *,
        {{ money('sum(amount) over by_period') }} as amount_so_far
    from summed
    window by_period as (
        partition by participant_id, plan_version_id, component, transaction_id
        order by origin_period
        rows unbounded preceding
    )
),

rounded as (
    select
        so_far.*,
        {{ payable_money('so_far.amount_so_far', 'currencies.minor_units', 'company.rounding') }} as rounded_so_far
    from so_far
    inner join currencies on so_far.currency = currencies.currency
    cross join company
),

clawbacks as (
    select
        participant_id,
        plan,
        plan_version_id,
        component,
        origin_period,
        transaction_id,
        is_in_window,
        reverses_period,
        event_on,
        currency,
        {{ money('''
            rounded_so_far - coalesce(
                lag(rounded_so_far) over (
                    partition by participant_id, plan_version_id, component, transaction_id order by origin_period
                ),
                0
            )
        ''') }} as amount
    from rounded
)

select * from clawbacks
