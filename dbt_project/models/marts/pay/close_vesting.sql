{{ config(schema="settlement", contract={"enforced": false}) }}
-- One row per group of earning lines that become payable together, of the run's period and of every origin period that
-- closing it would book something for, or that has other lines than those kept before: what later corrections are
-- compared with.
with

lines as (select * from {{ ref('int_vesting_lines') }}),

before as (select * from {{ ref('int_booked_lines') }}),

-- Other deals may have taken the place of those that were booked, for the same money.
replaced as (
    select lines.participant_id, lines.plan, lines.component, lines.origin_period
    from lines
    inner join {{ ref('int_origin_amounts') }} as amounts
        on
            lines.participant_id = amounts.participant_id
            and lines.plan = amounts.plan
            and lines.component = amounts.component
            and lines.origin_period = amounts.origin_period
    left join before
        on
            lines.participant_id = before.participant_id
            and lines.plan = before.plan
            and lines.component = before.component
            and lines.origin_period = before.origin_period
            and lines.deal_id is not distinct from before.deal_id
            and lines.is_clawback = before.is_clawback
            and lines.amount = before.amount
    where not lines.is_booked and amounts.is_closed and not amounts.is_settled and before.participant_id is null
),

booked as (
    select participant_id, plan, component, origin_period from replaced
    union
    select entries.participant_id, entries.plan, entries.component, entries.origin_period
    from {{ ref('int_open_entries') }} as entries
    inner join {{ source('inputs', 'run') }} as run on entries.booked_period = run.period
    union
    -- Lines that add up to nothing now may become payable one after the other.
    select lines.participant_id, lines.plan, lines.component, lines.origin_period
    from lines
    inner join {{ source('inputs', 'run') }} as run on lines.origin_period = run.period
    where not lines.is_booked
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
