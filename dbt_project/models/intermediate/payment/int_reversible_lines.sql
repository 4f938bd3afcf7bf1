{{ config(materialized='view') }}
-- One row per line of a deal's earnings that may be taken back at the rate it was paid at: as it is computed where its
-- origin month may still be adjusted, as it was booked where not.
with

lines as (select * from {{ ref('int_earning_lines') }}),

slices as (select * from {{ source('inputs', 'booked_slices') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

adjustable as (select * from {{ source('inputs', 'adjustable') }}),

computed as (
    select
        lines.participant_id,
        lines.plan,
        lines.plan_version_id,
        lines.component,
        lines.origin_period,
        {{ deal_of_line('lines') }} as deal_id,
        lines.transaction_type,
        lines.transaction_id,
        lines.line,
        lines.slice,
        lines.credited_on,
        lines.basis_amount,
        lines.tier_from,
        lines.rate,
        lines.amount,
        lines.currency
    from lines
    cross join adjustable
    where lines.origin_period >= adjustable.from_period
),

booked as (
    select
        slices.participant_id,
        slices.plan,
        ranges.plan_version_id,
        slices.component,
        slices.origin_period,
        {{ deal_of_line('slices') }} as deal_id,
        slices.transaction_type,
        slices.transaction_id,
        slices.line,
        slices.slice,
        slices.credited_on,
        slices.basis_amount,
        slices.tier_from,
        slices.rate,
        slices.amount,
        slices.currency
    from slices
    inner join ranges
        on
            slices.participant_id = ranges.participant_id
            and slices.plan = ranges.plan
            and slices.credited_on between ranges.starts_on and ranges.ends_on
),

reversible_lines as (
    select * from computed
    union all
    select * from booked
)

select * from reversible_lines
