{{ config(meta={'local': {'by': ['participant_id', 'plan', 'component', 'origin_period'], 'rests_on': {
    'int_earning_entries': ['participant_id', 'plan', 'component', 'origin_period'],
    'int_clawback_entries': ['participant_id', 'plan', 'component', 'origin_period'],
    'int_timing_entries': ['participant_id', 'plan', 'component', 'origin_period'],
    'int_deduction_entries': ['participant_id', 'plan', 'component', 'origin_period'],
    'int_draw_entries': ['participant_id', 'plan', 'component', 'origin_period']
}}}) }}
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
