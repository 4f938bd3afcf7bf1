-- One row per participant, plan version, component, origin month and modifier: what the multiplier, gate, minimum or cap
-- adds or takes. Where tiers apply per transaction, each transaction has its own (line: its window's key), for they become
-- payable with it.
with

windows as (select * from {{ ref('int_windows') }} where accumulate = 'transaction'),

results as (
    select window_results.*, coalesce(windows.window_key, '') as window_key
    from {{ ref('int_window_results') }} as window_results
    left join windows on window_results.window_id = windows.window_id
),

{{ modifier_lines('results', 'window_key') }}

select * from modifier_lines
