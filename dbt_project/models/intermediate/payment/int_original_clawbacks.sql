-- One row per line of a deal's earnings and month in which events take part of it back at the rate it was paid at,
-- multipliers included; minimum, cap and gate stay as they were.
with

lines as (select * from {{ ref('int_reversible_lines') }}),

shares as (select * from {{ ref('int_clawback_shares') }} where charge = 'original_rate'),

components as (select * from {{ source('inputs', 'components') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

factors as (select * from {{ ref('int_multiplier_factors') }}),

-- A line that is written later (a window rated anew) is taken back when it is written.
matched as (
    select
        lines.* exclude (amount, basis_amount, credited_on),
        lines.credited_on as earned_on,
        greatest(shares.month, lines.origin_period) as month,
        case components.accumulate
            when 'quarter' then months.quarter
            when 'year' then months.year
            else lines.origin_period
        end as window_period,
        max(shares.event_on) as event_on,
        {{ money(times('-any_value(lines.basis_amount)', 'sum(shares.share)')) }} as basis_amount,
        {{ money(times('-any_value(lines.amount)', 'sum(shares.share)')) }} as amount
    from lines
    inner join shares
        on
            lines.plan_version_id = shares.plan_version_id
            and lines.component = shares.component
            and lines.deal_id = shares.deal_id
            and lines.credited_on >= shares.earned_since_on
    inner join components
        on lines.plan_version_id = components.plan_version_id and lines.component = components.component
    inner join months on lines.origin_period = months.month
    group by all
),

multiplied as (
    select
        matched.*,
        coalesce(arg_max(factors.factor, factors.month), 1) as factor
    from matched
    left join factors
        on
            matched.participant_id = factors.participant_id
            and matched.plan_version_id = factors.plan_version_id
            and matched.component = factors.component
            and matched.window_period = factors.window_period
            and matched.month >= factors.month
    group by all
),

taken_back as (
    select
        participant_id,
        plan,
        plan_version_id,
        component,
        origin_period as reverses_period,
        month as origin_period,
        deal_id,
        line,
        earned_on,
        event_on,
        currency,
        tier_from,
        cast(case when factor = 1 then rate else rate * factor end as decimal(24, 10)) as rate,
        {{ money('sum(basis_amount)') }} as basis_amount,
        {{ money("sum(case when factor = 1 then amount else " ~ money(times('amount', 'factor')) ~ " end)") }}
            as amount
    from multiplied
    group by
        participant_id, plan, plan_version_id, component, origin_period, month, deal_id, line, earned_on, event_on,
        currency, tier_from, rate, factor
)

select * from taken_back
where amount <> 0
