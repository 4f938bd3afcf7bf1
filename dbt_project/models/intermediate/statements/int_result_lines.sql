-- One row per line of a statement that shows a result: each measure of the scorecard, then the score.
with

score_lines as (select * from {{ ref('int_score_lines') }}),

scores as (select * from {{ ref('int_scores') }}),

catalogue as (select * from {{ source('inputs', 'kpi_catalogue') }}),

periods as (select * from {{ source('inputs', 'calendar_periods') }}),

run as (select * from {{ source('inputs', 'run') }}),

shown as (
    select
        periods.period,
        -- A quarter in progress stands on the statement of the newest month.
        strftime(least(periods.ends_on, run.period_ends_on), '%Y-%m') as month
    from periods
    cross join run
),

result_lines as (
    select
        score_lines.participant_id,
        shown.month as period,
        '1 results' as section,
        score_lines.plan || lpad(cast(score_lines.position as varchar), 4, '0') as sort_key,
        catalogue.name_zh as label_zh,
        catalogue.name_en as label_en,
        -- value ÷ target = attainment; points × weight
        coalesce(cast({{ published('score_lines.value') }} as varchar), '–')
        || ' ÷ ' || coalesce(cast({{ published('score_lines.target') }} as varchar), '–')
        || ' = ' || coalesce(cast({{ published('score_lines.attainment') }} as varchar), '–')
        || '; ' || coalesce(cast({{ published('score_lines.points') }} as varchar), '–')
        || ' × ' || cast({{ published('score_lines.weight') }} as varchar) as formula,
        {{ money('score_lines.value') }} as basis,
        {{ published('score_lines.points') }} as rate,
        {{ money('null') }} as amount,
        score_lines.plan || '/' || score_lines.measure || ' ' || score_lines.period as source_ref,
        case when score_lines.is_final then 'final' else 'provisional' end as status,
        case score_lines.note
            when 'no data' then '无数据 / no data'
            when 'no target' then '无目标 / no target'
            when 'target is 0' then '目标为零 / target is 0'
            else ''
        end as not_payable_because,
        score_lines.plan,
        cast(null as varchar) as component,
        cast(null as varchar) as currency
    from score_lines
    inner join catalogue on score_lines.kpi = catalogue.kpi
    inner join shown on score_lines.period = shown.period
    union all
    select
        scores.participant_id,
        shown.month as period,
        '2 score' as section,
        scores.plan as sort_key,
        '评分 ' || coalesce(scores.grade, '') as label_zh,
        'Score ' || coalesce(scores.grade, '') as label_en,
        'Σ weight × points' as formula,
        {{ money('null') }} as basis,
        {{ published('scores.score') }} as rate,
        {{ money('null') }} as amount,
        scores.plan || ' ' || scores.period as source_ref,
        scores.status,
        scores.gate_hits as not_payable_because,
        scores.plan,
        cast(null as varchar) as component,
        cast(null as varchar) as currency
    from scores
    inner join shown on scores.period = shown.period
)

select * from result_lines
