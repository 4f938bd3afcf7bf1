-- One row per plan version and incentive component.
with

components as (select * from {{ source('inputs', 'components') }}),

dim_component as (
    select plan_version_id as plan_version, plan, component, type, name_en, name_zh, position
    from components
)

select * from dim_component
