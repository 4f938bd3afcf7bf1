{{ config(schema="settlement", contract={"enforced": false}) }}
-- One row per entry that closing the run's period would book; the close books exactly these.
with

entries as (select * from {{ ref('int_open_entries') }}),

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
        '' as reverses,
        entries.amount,
        entries.currency
    from entries
    inner join run on entries.booked_period = run.period
)

select * from close_entries
