{{ config(materialized='view') }}
-- One row per window and month: what it has earned so far, step by step: rates → multiplier → gate → minimum → cap.
select * from {{ ref('int_recomputed_results') }}
where window_id not in (select window_id from {{ ref('int_windows') }} where event_no > 0)
