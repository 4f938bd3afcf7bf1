{{ config(schema="settlement", contract={"enforced": false}, meta=local_by(
    ['participant_id', 'plan', 'component'],
    ['int_open_entries', 'int_earning_entries']
)) }}
-- One row per entry that closing the run's period would book; the close books exactly these. A clawback names the entry
-- it reverses, or the kind of the entry that this very close books for that origin period.
with

entries as (select * from {{ ref('int_open_entries') }}),

booked as (
    select
        participant_id,
        plan,
        component,
        origin_period,
        arg_min(entry_id, close_id) as entry_id
    from {{ source('booked', 'ledger_entries') }}
    where kind in ('earned', 'adjustment')
    group by participant_id, plan, component, origin_period
),

originals as (
    select * from {{ ref('int_earning_entries') }}
),

run as (select * from {{ source('inputs', 'run') }}),

close_entries as (
    select
        entries.booked_period,
        entries.origin_period,
        entries.participant_id,
        entries.plan,
        entries.component,
        entries.kind,
        entries.transaction_id,
        coalesce(booked.entry_id, '') as reverses,
        entries.reverses_period,
        case when booked.entry_id is null then coalesce(originals.kind, '') else '' end as reverses_kind,
        entries.amount,
        entries.currency
    from entries
    inner join run on entries.booked_period = run.period
    left join booked
        on
            entries.participant_id = booked.participant_id
            and entries.plan = booked.plan
            and entries.component = booked.component
            and entries.reverses_period = booked.origin_period
    left join originals
        on
            entries.participant_id = originals.participant_id
            and entries.plan = originals.plan
            and entries.component = originals.component
            and entries.reverses_period = originals.origin_period
            and entries.booked_period = originals.booked_period
)

select * from close_entries
