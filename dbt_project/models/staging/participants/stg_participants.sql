{{ config(materialized='view') }}
-- One row per participant and effective date: its latest valid version.
with

typed as (select * from {{ ref('typed_participants') }}),

staged as (
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
        salary_period,
        currency,
        locale,
        effective_from
    from typed
    where {{ is_none_of('typed', [ref('rejected_participants')]) }}
)

select * from staged
