-- One row per participant, plan version, component, origin month and modifier: what the multiplier, gate, minimum or cap
-- adds or takes. Where tiers apply per transaction and pay waits, each transaction has its own (line: its window's key), for
-- they become payable with it.
with

windows as (select * from {{ ref('int_windows') }} where accumulate = 'transaction' and event_no = 0),

pay_terms as (select * from {{ source('inputs', 'pay_terms') }}),

transactions as (
    select windows.window_id, windows.window_key
    from windows
    inner join pay_terms
        on windows.plan_version_id = pay_terms.plan_version_id and windows.component = pay_terms.component
),

results as (
    select window_results.*, coalesce(transactions.window_key, '') as window_key
    from {{ ref('int_window_results') }} as window_results
    left join transactions on window_results.window_id = transactions.window_id
),

{{ modifier_lines('results', 'window_key') }}

select * from modifier_lines
