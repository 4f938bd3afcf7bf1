-- One row per participant, plan, deduction and period of it under the plan: whether its condition holds, and what is then
-- due, before the floor. It is settled in the period's last month. basis_amount: what a share is taken of.
with

component_periods as (select * from {{ ref('int_component_periods') }} where type = 'deduction'),

deductions as (select * from {{ source('inputs', 'deductions') }}),

grades as (select * from {{ source('inputs', 'deduction_grades') }}),

components as (select * from {{ source('inputs', 'components') }}),

scorecards as (select * from {{ source('inputs', 'scorecards') }}),

plans as (select * from {{ source('inputs', 'plans') }}),

currencies as (select * from {{ source('inputs', 'currencies') }}),

months as (select * from {{ source('inputs', 'calendar_months') }} where is_payable),

company as (select * from {{ source('inputs', 'run') }}),

scores as (select * from {{ ref('int_scores') }}),

read_values as (select * from {{ ref('int_component_kpis') }} where use = 'when'),

bases as (select * from {{ ref('int_deduction_bases') }}),

judged as (
    select
        component_periods.participant_id,
        component_periods.plan,
        component_periods.plan_version_id,
        component_periods.component,
        component_periods.period,
        component_periods.origin_period,
        component_periods.is_last_month,
        plans.currency,
        components.position,
        deductions.share,
        deductions.floor,
        -- A grade that stays as it was booked keeps its deduction.
        deductions.comparison is null and coalesce(
            scorecards.calibrate_within is not null and scorecards.calibrate_after_close = 'frozen', false
        ) as is_frozen,
        coalesce(
            case deductions.comparison
                when 'at_most' then read_values.measured <= deductions.threshold
                when 'at_least' then read_values.measured >= deductions.threshold
                else grades.grade is not null
            end,
            false
        ) as is_due,
        {{ money('case when deductions.share is null then deductions.amount else coalesce(bases.earned, 0) end') }}
            as basis_amount,
        case
            when deductions.comparison is null then 'grade ' || coalesce(scores.grade, '–')
            else read_values.kpi || ' ' || coalesce(cast({{ published('read_values.measured') }} as varchar), '–')
        end as because
    from component_periods
    inner join months on component_periods.origin_period = months.month
    inner join deductions
        on
            component_periods.plan_version_id = deductions.plan_version_id
            and component_periods.component = deductions.component
    inner join components
        on
            component_periods.plan_version_id = components.plan_version_id
            and component_periods.component = components.component
    inner join plans on component_periods.plan_version_id = plans.plan_version_id
    left join scorecards on component_periods.plan_version_id = scorecards.plan_version_id
    left join scores
        on
            component_periods.participant_id = scores.participant_id
            and component_periods.plan_version_id = scores.plan_version_id
            and component_periods.period = scores.period
    left join grades
        on
            component_periods.plan_version_id = grades.plan_version_id
            and component_periods.component = grades.component
            and scores.grade = grades.grade
    left join read_values
        on
            component_periods.participant_id = read_values.participant_id
            and component_periods.plan_version_id = read_values.plan_version_id
            and component_periods.component = read_values.component
            and component_periods.period = read_values.period
    left join bases
        on
            component_periods.participant_id = bases.participant_id
            and component_periods.plan_version_id = bases.plan_version_id
            and component_periods.component = bases.component
            and component_periods.period = bases.period
),

exact as (
    select
        *,
        case
            when share is null then basis_amount else {{ money_times('basis_amount', 'share') }}
        end as exact_amount
    from judged
),

states as (
    select
        exact.* exclude (exact_amount),
        {{ payable_money('exact.exact_amount', 'currencies.minor_units', 'company.rounding') }} as due_amount
    from exact
    inner join currencies on exact.currency = currencies.currency
    cross join company
)

select * from states
