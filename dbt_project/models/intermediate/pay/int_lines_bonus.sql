-- One row per participant, plan version, bonus and period: target pay × payout curve, before gates and limits.
with

component_periods as (select * from {{ ref('int_component_periods') }} where type = 'bonus'),

kpis as (select * from {{ ref('int_component_kpis') }} where use = 'payout'),

scores as (select * from {{ ref('int_scores') }}),

curves as (select * from {{ source('inputs', 'curves') }}),

segments as (select * from {{ source('inputs', 'curve_segments') }}),

measured as (
    select
        component_periods.*,
        case when component_periods.payout_on = 'score' then scores.score else kpis.measured end as measured
    from component_periods
    left join scores
        on
            component_periods.participant_id = scores.participant_id
            and component_periods.plan_version_id = scores.plan_version_id
            and component_periods.period = scores.period
    left join kpis
        on
            component_periods.participant_id = kpis.participant_id
            and component_periods.plan_version_id = kpis.plan_version_id
            and component_periods.component = kpis.component
            and component_periods.period = kpis.period
),

pointed as (
    select measured.*, {{ on_curve('measured.measured') }} as factor
    from measured
    inner join curves on measured.payout_curve_id = curves.curve_id
    left join segments
        on measured.payout_curve_id = segments.curve_id and {{ in_segment('measured.measured') }}
),

lines as (
    select
        {{ period_line() }}
        target_pay as basis_amount,
        cast(factor as decimal(24, 10)) as rate,
        cast(measured as decimal(24, 10)) as measured,
        cast(coalesce({{ times('target_pay', 'factor') }}, 0) as decimal(38, 16)) as amount,
        case
            when measured is null then payout_on || ' has no data: nothing is paid until it has'
            else 'target pay × payout at ' || payout_on || ' ' || cast({{ published('measured') }} as varchar)
        end as why
    from pointed
)

select * from lines
