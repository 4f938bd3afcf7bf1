{{ config(materialized='view') }}
-- One row per participant and effective date: its latest valid version.
with

typed as (select * from {{ ref('typed_participants') }}),

rejected as (select * from {{ ref('rejected_participants') }}),

staged as (
    select
        typed._batch_no,
        typed._row,
        typed.participant_id,
        typed.name,
        typed.email,
        typed.role,
        typed.team_id,
        typed.manager_id,
        typed.hired_on,
        typed.left_on,
        typed.base_salary,
        typed.variable_pay,
        typed.salary_period,
        typed.currency,
        typed.locale,
        typed.effective_from
    from typed
    left join rejected on typed._batch_no = rejected._batch_no and typed._row = rejected._row
    where rejected._batch_no is null
)

select * from staged
