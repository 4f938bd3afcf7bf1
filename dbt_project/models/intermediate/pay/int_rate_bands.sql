{{ config(meta=local_by(['window_id'], ['int_window_months', 'int_rate_terms'])) }}
-- One row per window, rating epoch and band: which rate applies to which part of what the window reached.
-- An epoch is a run of months in which the bands stay the same; a new one begins when a later month re-rates the window
-- (a tier reached under `whole`, `top_rate_on_overage` or `retroactive`, or a revised quota).
with

window_months as (select * from {{ ref('int_window_months') }}),

bands as (select * from {{ ref('int_month_bands') }}),

-- Only a window of several months can be re-rated.
longer_windows as (
    select window_id from window_months group by window_id having count(*) > 1
),

schedules as (
    select
        bands.window_id,
        bands.month,
        bands.month_starts_on,
        string_agg(
            concat_ws('|', bands.band_no, bands.tier_from, bands.rate, bands.reach_from, bands.reach_to),
            ';' order by bands.band_no
        ) as schedule
    from bands
    inner join longer_windows on bands.window_id = longer_windows.window_id
    group by bands.window_id, bands.month, bands.month_starts_on
    union all
    select distinct
        bands.window_id,
        bands.month,
        bands.month_starts_on,
        '' as schedule
    from bands
    left join longer_windows on bands.window_id = longer_windows.window_id
    where longer_windows.window_id is null
),

changes as (
    select
        *,
        coalesce(schedule <> lag(schedule) over (partition by window_id order by month_starts_on), true) as is_new
    from schedules
),

epochs as (
    select
        window_id,
        month as from_month,
        row_number() over (partition by window_id order by month_starts_on) as epoch,
        coalesce(
            lead(month) over (partition by window_id order by month_starts_on), '9999-12'
        ) as before_month
    from changes
    where is_new
),

rate_bands as (
    select
        epochs.window_id,
        cast(epochs.epoch as integer) as epoch,
        epochs.from_month,
        epochs.before_month,
        bands.band_no,
        bands.tier_from,
        bands.rate,
        {{ money('bands.reach_from') }} as reach_from,
        {{ money('bands.reach_to') }} as reach_to
    from epochs
    inner join bands on epochs.window_id = bands.window_id and epochs.from_month = bands.month
)

select * from rate_bands
