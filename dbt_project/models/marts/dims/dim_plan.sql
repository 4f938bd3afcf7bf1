-- One row per plan version.
with

plans as (select * from {{ source('inputs', 'plans') }}),

dim_plan as (
    select plan_version_id as plan_version, plan, name_en, name_zh, effective_from, effective_to, currency, fingerprint
    from plans
)

select * from dim_plan
