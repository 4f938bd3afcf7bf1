{{ config(materialized='view') }}
-- One row per line that is taken back beside its component's window: at the rate it was paid at, or as the difference
-- that computing its window again makes.
select * from {{ ref('int_original_clawbacks') }}
union all by name
select * from {{ ref('int_recomputed_clawbacks') }}
