-- One row per participant, plan version, component, origin month and modifier: what the multiplier, gate, minimum or cap
-- adds or takes.
with

results as (select * from {{ ref('int_window_results') }}),

{{ modifier_lines('results') }}

select * from modifier_lines
