{{ config(materialized='view') }}
-- One row per credit, rating epoch and band it touches: the part of the credit that falls into the band.
-- A negative credit runs downwards and undoes slices from the top; below zero the first band applies.
with

credits as (select * from {{ ref('int_window_credits') }}),

bands as (select * from {{ ref('int_rate_bands') }}),

touched as (
    select
        credits.*,
        bands.epoch,
        bands.from_month,
        bands.band_no,
        bands.tier_from,
        bands.rate,
        bands.reach_from,
        bands.reach_to,
        greatest(least(credits.started, credits.reached), coalesce(bands.reach_from, -999999999999999999.0)) as low,
        least(greatest(credits.started, credits.reached), coalesce(bands.reach_to, 999999999999999999.0)) as high
    from credits
    inner join bands on credits.window_id = bands.window_id and credits.month < bands.before_month
),

-- A credit of money without reach (no units, say) belongs to the band the window stands in.
overlapping as (
    select
        *,
        case
            when basis = reach then {{ money('sign(reach) * (high - low)') }}
            when reach = 0 then basis
            else
                {{ money(times(
                    'basis', ratio('case when reach > 0 then high - started else started - low end', 'abs(reach)')
                )) }}
                - {{ money(times(
                    'basis', ratio('case when reach > 0 then low - started else started - high end', 'abs(reach)')
                )) }}
        end as basis_amount
    from touched
    where
        high > low
        or (
            reach = 0
            and basis <> 0
            and (reach_from is null or started >= reach_from)
            and (reach_to is null or started < reach_to)
        )
),

slices as (
    select
        window_id,
        epoch,
        from_month,
        month,
        credited_on,
        transaction_type,
        transaction_id,
        line,
        credit_role,
        band_no,
        tier_from,
        rate,
        basis_amount
    from overlapping
    where basis_amount <> 0
)

select * from slices
