-- One row per booked entry of a close; nothing is ever changed or taken out.
with

entries as (select * from {{ source('booked', 'ledger_entries') }}),

run as (select * from {{ source('inputs', 'run') }}),

ledger as (
    select
        entries.entry_id,
        entries.booked_period,
        entries.origin_period,
        entries.participant_id,
        entries.plan,
        entries.component,
        entries.kind,
        entries.transaction_id,
        entries.reverses,
        {{ money('entries.amount') }} as amount,
        entries.currency,
        entries.close_id,
        entries.approved_by,
        entries.booked_at,
        run.run_id
    from entries
    cross join run
)

select * from ledger
