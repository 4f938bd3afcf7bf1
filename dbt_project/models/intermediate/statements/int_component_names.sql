{{ config(materialized='view') }}
-- One row per plan and component: its names in the newest version of the plan.
with

components as (select * from {{ source('inputs', 'components') }}),

names as (
    select
        plan,
        component,
        arg_max(name_zh, plan_version_id) as name_zh,
        arg_max(name_en, plan_version_id) as name_en
    from components
    group by plan, component
)

select * from names
