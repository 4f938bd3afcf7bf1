-- One row per plan version and incentive component.
with

components as (select * from {{ source('inputs', 'components') }}),

run as (select run_id from {{ source('inputs', 'run') }}),

dim_component as (
    select
        components.plan_version_id as plan_version,
        components.plan,
        components.component,
        components.type,
        components.name_en,
        components.name_zh,
        components.position,
        run.run_id
    from components
    cross join run
)

select * from dim_component
