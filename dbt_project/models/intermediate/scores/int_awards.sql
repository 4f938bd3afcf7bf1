-- One row per participant, plan version, award and period in which it is won: by rank, by grade, or by a KPI's value.
-- Firm when the period is over. Equal ranks win alike; who has no data or no score wins nothing.
with

component_periods as (select * from {{ ref('int_component_periods') }} where type = 'award'),

kpis as (select * from {{ ref('int_component_kpis') }} where use in ('rank', 'when')),

awards as (select * from {{ source('inputs', 'awards') }}),

award_grades as (select * from {{ source('inputs', 'award_grades') }}),

scores as (select * from {{ ref('int_scores') }}),

measured as (
    select
        component_periods.*,
        awards.title_en,
        awards.title_zh,
        awards.points,
        awards.top,
        awards.comparison,
        awards.threshold,
        kpis.kpi,
        kpis.measured,
        award_grades.grade,
        {{ group_of('awards.within', 'component_periods') }} as group_id,
        case when awards.is_lower_better then -kpis.measured else kpis.measured end as merit
    from component_periods
    inner join awards
        on
            component_periods.plan_version_id = awards.plan_version_id
            and component_periods.component = awards.component
    left join kpis
        on
            component_periods.participant_id = kpis.participant_id
            and component_periods.plan_version_id = kpis.plan_version_id
            and component_periods.component = kpis.component
            and component_periods.period = kpis.period
    left join scores
        on
            component_periods.participant_id = scores.participant_id
            and component_periods.plan_version_id = scores.plan_version_id
            and component_periods.period = scores.period
    left join award_grades
        on
            component_periods.plan_version_id = award_grades.plan_version_id
            and component_periods.component = award_grades.component
            and scores.grade = award_grades.grade
),

placed as (
    select
        *,
        rank() over (
            partition by plan_version_id, component, period, group_id order by merit desc nulls last
        ) as place
    from measured
),

won as (
    select
        participant_id,
        plan,
        plan_version_id,
        component,
        period,
        origin_period,
        title_en,
        title_zh,
        points,
        case when is_last_month then 'final' else 'provisional' end as status,
        case
            when top is not null
                then 'place ' || cast(place as varchar) || ' at ' || kpi || ' ' || cast({{ published('measured') }} as varchar)
            when comparison is not null
                then
                    kpi || ' ' || cast({{ published('measured') }} as varchar)
                    || case comparison when 'at_least' then ' >= ' else ' <= ' end
                    || cast({{ published('threshold') }} as varchar)
            else 'grade ' || grade
        end as why
    from placed
    where
        case
            when top is not null then measured is not null and place <= top
            when comparison = 'at_least' then measured >= threshold
            when comparison = 'at_most' then measured <= threshold
            else grade is not null
        end
)

select * from won
