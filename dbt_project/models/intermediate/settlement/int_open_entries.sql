{{ config(meta=local_by(
    ['participant_id', 'plan', 'component', 'origin_period'],
    ['int_earning_entries', 'int_clawback_entries', 'int_timing_entries', 'int_deduction_entries', 'int_draw_entries']
)) }}
-- One row per entry that closing the open periods would book, in the order in which they come about: earnings and
-- adjustments, clawbacks, what is held and released, deductions, draws and their recovery.
with

entries as (
    select * from {{ ref('int_earning_entries') }}
    union all by name
    select * from {{ ref('int_clawback_entries') }}
    union all by name
    select * from {{ ref('int_timing_entries') }}
    union all by name
    select * from {{ ref('int_deduction_entries') }}
    union all by name
    select * from {{ ref('int_draw_entries') }}
)

select * from entries
