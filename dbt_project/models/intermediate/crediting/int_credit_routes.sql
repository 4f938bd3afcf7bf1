{{ config(materialized='view') }}
-- One row per component that counts transactions and way by which a credit comes to it: split or whole from the owner, from
-- a role on the deal, rolled up from the people below. credit_share: how much of such a credit it counts.
with

components as (
    select
        *,
        case when measure in ('billings', 'collections') then measure else 'deals' end as fact
    from {{ source('inputs', 'components') }}
    where
        type = 'spiff'
        or measure in ('bookings', 'margin', 'units', 'deals', 'billings', 'collections')
),

overlays as (select * from {{ source('inputs', 'component_overlays') }}),

credit_routes as (
    select 'split' as route, plan_version_id, component, fact, slice, '' as role, credit_owner as credit_share
    from components
    where credit_owner > 0 and credit_split
    union all
    select 'unsplit' as route, plan_version_id, component, fact, slice, '' as role, credit_owner as credit_share
    from components
    where credit_owner > 0 and not credit_split
    union all
    select
        'overlay' as route,
        components.plan_version_id,
        components.component,
        components.fact,
        components.slice,
        overlays.role,
        overlays.share as credit_share
    from components
    inner join overlays
        on components.plan_version_id = overlays.plan_version_id and components.component = overlays.component
    union all
    select
        'rollup' as route,
        plan_version_id,
        component,
        fact,
        slice,
        rollup as role,
        cast(1 as decimal(13, 10)) as credit_share
    from components
    where rollup <> 'none'
)

select * from credit_routes
