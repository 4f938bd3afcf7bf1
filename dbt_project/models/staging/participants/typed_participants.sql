{{ config(materialized='table', meta=by_batch('participants')) }}
-- One row per landed row of participants: typed, with the first rule of its own that it breaks.
-- effective_from: the day from which the row holds; not delivered, the day of hiring, else 1900-01-01. A manager
-- who was not delivered does not cost the person the row; the gate of inputs warns.
with

delivered as (select * from {{ source('landing', 'participants') }}),

typed as (
    select
        _batch_no,
        _row,
        participant_id,
        name,
        email,
        role,
        team_id,
        manager_id,
        {{ as_date('hired_on') }} as hired_on,
        {{ as_date('left_on') }} as left_on,
        {{ as_money('base_salary') }} as base_salary,
        {{ as_money('variable_pay') }} as variable_pay,
        {{ as_word('salary_period') }} as salary_period,
        {{ as_code('currency') }} as currency,
        locale,
        {{ as_date('effective_from') }} as effective_from,
        {{ as_flag('is_deleted') }} as is_deleted,
        {{ texts([
            'hired_on', 'left_on', 'base_salary', 'variable_pay', 'salary_period', 'effective_from',
            'is_deleted'
        ]) }}
    from delivered
),

judged as (
    select
        *,
        {{ first_broken_rule(
            key = mistyped(['effective_from', 'hired_on'], 'date')
                + empty_key(['participant_id']),
            row = mistyped(['left_on'], 'date')
                + mistyped(['base_salary', 'variable_pay'], 'money')
                + off_calendar(['hired_on', 'left_on', 'effective_from'])
                + required(['role'])
                + negative(['base_salary', 'variable_pay'])
                + unknown_value('salary_period', ['year', 'month'])
                + end_before_start('hired_on', 'left_on')
        ) }} as _broken
    from typed
),

verdicts as (
    select
        _batch_no,
        _row,
        participant_id,
        name,
        email,
        role,
        team_id,
        manager_id,
        hired_on,
        left_on,
        base_salary,
        variable_pay,
        coalesce(salary_period, 'year') as salary_period,
        currency,
        locale,
        coalesce(effective_from, hired_on, date '1900-01-01') as effective_from,
        {{ verdict_columns() }}
    from judged
)

select * from verdicts
