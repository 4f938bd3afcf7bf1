-- One row per scorecard gate that a participant did not pass in a period, with the grade it allows at most.
-- A gate whose KPI has no data cannot be judged and does not hit.
with

scorecards as (select * from {{ ref('int_scorecards') }}),

gates as (select * from {{ source('inputs', 'scorecard_gates') }}),

grades as (select * from {{ source('inputs', 'scorecard_grades') }}),

kpi_values as (select * from {{ ref('int_kpi_values') }}),

judged as (
    select
        scorecards.participant_id,
        scorecards.plan_version_id,
        scorecards.period,
        gates.gate_no,
        gates.kpi,
        gates.comparison,
        gates.threshold,
        gates.grade_at_most,
        grades.grade_rank,
        kpi_values.value
    from scorecards
    inner join gates on scorecards.plan_version_id = gates.plan_version_id
    inner join kpi_values
        on
            {{ scope_of('gates.scope', 'scorecards') }} = kpi_values.scope
            and {{ scope_id_of('gates.scope', 'scorecards') }} = kpi_values.scope_id
            and gates.kpi = kpi_values.kpi
            and scorecards.period = kpi_values.period
            and gates.slice = kpi_values.slice
            and gates.variant = kpi_values.variant
    left join grades
        on scorecards.plan_version_id = grades.plan_version_id and gates.grade_at_most = grades.grade
),

hits as (
    select *
    from judged
    where
        (comparison = 'at_least' and value < threshold)
        or (comparison = 'at_most' and value > threshold)
)

select * from hits
