-- One row per scope member, period and slice: Σ weight × completion of judged objectives, over how many score sheets.
-- A sheet is a participant's objectives of one period; a team's figure is the mean of its people's sheets.
-- An objective counts in the period it was agreed for; a longer period without objectives of its own takes the longest
-- ones inside it. Without a period it belongs to the month it was judged in; without weights all count equally.
{% set measures = {
    'objectives_score': 'decimal(26, 10)', 'objectives_sheets': 'bigint', 'objectives_count': 'bigint',
    'mbo_score': 'decimal(26, 10)', 'mbo_sheets': 'bigint', 'mbo_count': 'bigint',
    'kra_score': 'decimal(26, 10)', 'kra_sheets': 'bigint', 'kra_count': 'bigint'
} %}
with

periods as (select * from {{ source('inputs', 'periods') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

objectives as (
    select
        participant_id,
        coalesce(period, strftime(judged_on, '%Y-%m')) as own_period,
        kind,
        weight,
        completion
    from {{ ref('stg_objectives') }}
    where completion is not null and {{ is_requested('objectives') }}
),

kpis as (
    select *, 'objectives' as kpi from objectives
    union all
    select *, kind as kpi from objectives where kind in ('mbo', 'kra')
),

requested as (
    {{ requested_slices('objectives') }}
),

matches as (
    {{ slice_matches('objectives', ['kind'], 'requested') }}
),

weighted as (
    select
        kpis.kpi,
        kpis.participant_id,
        kpis.own_period,
        matches.slice,
        count(*) as objective_count,
        coalesce(sum(kpis.weight * kpis.completion), 0) as weighted_completion,
        coalesce(sum(kpis.completion) filter (where kpis.weight is null), 0) as unweighted_completion
    from kpis
    inner join matches on {{ same_values('kpis', 'matches', ['kind']) }}
    group by kpis.kpi, kpis.participant_id, kpis.own_period, matches.slice
),

sheets as (
    select
        kpi,
        participant_id,
        own_period,
        slice,
        objective_count,
        weighted_completion + {{ ratio('unweighted_completion', 'objective_count') }} as score
    from weighted
),

-- The longest objectives inside the period, its own before all others.
placed as (
    select
        sheets.*,
        periods.period,
        own_periods.ends_on as own_ends_on
    from sheets
    inner join periods as own_periods on sheets.own_period = own_periods.period
    inner join periods on own_periods.starts_on >= periods.starts_on and own_periods.ends_on <= periods.ends_on
    qualify
        own_periods.months
        = max(own_periods.months) over (
            partition by sheets.kpi, sheets.participant_id, sheets.slice, periods.period
        )
),

by_range as (
    select
        coalesce(ranges.range_id, 0) as range_id,
        placed.period,
        placed.slice,
        {{ sheet_sums('objectives') }},
        {{ sheet_sums('mbo') }},
        {{ sheet_sums('kra') }}
    from placed
    left join ranges
        on
            placed.participant_id = ranges.participant_id
            and placed.own_ends_on between ranges.starts_on and ranges.ends_on
    group by all
),

period_sums as (
    {{ by_scope('by_range', ['period', 'slice'], measures) }}
),

objective_facts as (
    {{ without_gaps('period_sums', 'objectives', measures) }}
)

select * from objective_facts
