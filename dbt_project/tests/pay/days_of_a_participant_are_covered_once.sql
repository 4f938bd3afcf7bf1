-- Every day of a participant lies in exactly one range: no gap, no overlap, or a deal would be credited twice or never.
with

ranges as (
    select
        participant_id,
        starts_on,
        ends_on,
        lag(ends_on) over (partition by participant_id order by starts_on) as previous_ends_on,
        lead(starts_on) over (partition by participant_id order by starts_on) as next_starts_on
    from {{ ref('int_participant_ranges') }}
)

select * from ranges
where
    starts_on > ends_on
    or starts_on <> coalesce(previous_ends_on + 1, date '1900-01-01')
    or (next_starts_on is null and ends_on <> date '9999-12-31')
