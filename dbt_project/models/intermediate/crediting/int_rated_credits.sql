{{ config(materialized='view') }}
-- One row per credit that counts in a window of its component: what was credited, and what events take back of it where
-- the component charges them at its current rate.
select * from {{ ref('int_component_credits') }}
union all
select * exclude (earned_on) from {{ ref('int_lost_credits') }}
