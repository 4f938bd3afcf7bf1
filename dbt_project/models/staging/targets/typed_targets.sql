{{ config(materialized='table', meta=by_batch('targets')) }}
-- One row per landed row of targets: typed, with the first rule of its own that it breaks.
-- A target of neither a participant nor a team is the company's. revision: not delivered, 0, so that any number revises it.
with

delivered as (select * from {{ source('landing', 'targets') }}),

company as (select currency as company_currency from {{ source('inputs', 'run') }}),

typed as (
    select
        _batch_no,
        _row,
        participant_id,
        team_id,
        kpi,
        period,
        {{ as_number('value') }} as value,
        {{ as_code('currency') }} as currency,
        {{ as_integer('revision') }} as revision,
        {{ as_date('revised_on') }} as revised_on,
        reason,
        {{ as_flag('is_deleted') }} as is_deleted,
        company_currency,
        {{ texts(['value', 'revision', 'revised_on', 'is_deleted']) }}
    from delivered
    cross join company
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = mistyped(['revision'], 'integer')
                + empty_key(['kpi', 'period']),
            row = mistyped(['value'], 'number')
                + mistyped(['revised_on'], 'date')
                + off_calendar(['revised_on'])
                + required(['value'])
                + unknown_period('period')
                + two_scopes()
                + outside('revision', 'revision < 0', 'a whole number from 0')
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
        coalesce(currency, company_currency) as currency,
        coalesce(revision, 0) as revision,
        revised_on,
        reason,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
