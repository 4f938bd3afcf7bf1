{{ config(materialized='table', meta=by_batch('kpi_inputs')) }}
-- One row per landed row of kpi_inputs: typed, with the first rule of its own that it breaks.
with

delivered as (select * from {{ source('landing', 'kpi_inputs') }}),

typed as (
    select
        _batch_no,
        _row,
        participant_id,
        team_id,
        kpi,
        period,
        {{ as_number('value') }} as value,
        {{ as_number('numerator') }} as numerator,
        {{ as_number('denominator') }} as denominator,
        source_ref,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts(['value', 'numerator', 'denominator', 'is_deleted']) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = empty_key(['kpi', 'period']),
            row = mistyped(['value', 'numerator', 'denominator'], 'number')
                + required(['value'])
                + unknown_period('period')
                + two_scopes()
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        participant_id,
        team_id,
        kpi,
        period,
        value,
        numerator,
        denominator,
        source_ref,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
