{{ config(schema="settlement", contract={"enforced": false}) }}
-- One row per group of earning lines that become payable together, of every origin period that closing the run's period
-- would book something for: what later corrections are compared with.
with

lines as (select * from {{ ref('int_vesting_lines') }}),

booked as (
    select distinct entries.participant_id, entries.plan, entries.component, entries.origin_period
    from {{ ref('int_open_entries') }} as entries
    inner join {{ source('inputs', 'run') }} as run on entries.booked_period = run.period
),

amounts as (select * from {{ ref('int_origin_amounts') }}),

-- What stands as it was booked keeps the lines it was booked with.
kept as (
    select lines.*
    from lines
    inner join amounts
        on
            lines.participant_id = amounts.participant_id
            and lines.plan = amounts.plan
            and lines.component = amounts.component
            and lines.origin_period = amounts.origin_period
            and lines.is_booked = amounts.is_settled
),

close_vesting as (
    select
        kept.participant_id,
        kept.plan,
        kept.component,
        kept.plan_version_id,
        kept.origin_period,
        kept.deal_id,
        kept.waits_from,
        kept.is_clawback,
        kept.amount
    from kept
    inner join booked
        on
            kept.participant_id = booked.participant_id
            and kept.plan = booked.plan
            and kept.component = booked.component
            and kept.origin_period = booked.origin_period
)

select * from close_vesting
