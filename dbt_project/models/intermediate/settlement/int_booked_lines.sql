-- One row per group of earning lines that become payable together, as the newest close that booked their origin period,
-- or found other lines in it, kept it (see int_vesting_lines).
with

kept as (select * from {{ source('booked', 'vesting_lines') }}),

-- A close may have booked what left no line.
told as (
    select participant_id, plan, component, origin_period, close_id
    from {{ source('booked', 'ledger_entries') }}
    where kind not in ('draw', 'recovery')
    union all
    select participant_id, plan, component, origin_period, close_id from kept
),

newest as (
    select participant_id, plan, component, origin_period, max(close_id) as close_id
    from told
    group by participant_id, plan, component, origin_period
),

booked_lines as (
    select kept.*
    from kept
    inner join newest
        on
            kept.participant_id = newest.participant_id
            and kept.plan = newest.plan
            and kept.component = newest.component
            and kept.origin_period = newest.origin_period
            and kept.close_id = newest.close_id
)

select * from booked_lines
