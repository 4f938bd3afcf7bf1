-- One row per plan version.
with

plans as (select * from {{ source('inputs', 'plans') }}),

run as (select run_id from {{ source('inputs', 'run') }}),

dim_plan as (
    select
        plans.plan_version_id as plan_version,
        plans.plan,
        plans.name_en,
        plans.name_zh,
        plans.effective_from,
        plans.effective_to,
        plans.currency,
        plans.fingerprint,
        run.run_id
    from plans
    cross join run
)

select * from dim_plan
