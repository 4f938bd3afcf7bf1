{{ config(materialized='view') }}
-- One row per line of computed earnings: slices of credits, bonuses and the like, what modifiers add or take, and what
-- rounding leaves. Σ amount per participant, plan, component and origin period = earned, to the cent.
with

lines as (
    select * from {{ ref('int_base_lines') }}
    union all
    select * from {{ ref('int_override_lines') }}
    union all
    select * from {{ ref('int_rounding_lines') }}
),

plans as (select * from {{ source('inputs', 'plans') }}),

earning_lines as (
    select lines.*, plans.currency
    from lines
    inner join plans on lines.plan_version_id = plans.plan_version_id
)

select * from earning_lines
