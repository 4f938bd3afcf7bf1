{{ config(meta=local_by(['window_id'], ['int_window_credits', 'int_rate_bands'])) }}
-- One row per credit, origin month, tier and rate: the commission lines of each month before gates and limits.
-- A credit is rated in its own month. When a later month of the window re-rates it, that month carries the reversal at
-- the old rate and the line at the new one, so Σ basis of a credit over the window stays its credit.
with

slices as (select * from {{ ref('int_tier_slices') }}),

first_ratings as (
    select * exclude (epoch, from_month, month), month as origin_period
    from slices
    where month >= from_month
),

epochs as (select distinct window_id, epoch, from_month from slices),

re_rated as (
    select
        window_id,
        credited_on,
        transaction_type,
        transaction_id,
        line,
        credit_role,
        band_no,
        tier_from,
        rate,
        basis_amount,
        from_month as origin_period
    from slices
    where month < from_month
    union all
    select
        slices.window_id,
        slices.credited_on,
        slices.transaction_type,
        slices.transaction_id,
        slices.line,
        slices.credit_role,
        slices.band_no,
        slices.tier_from,
        slices.rate,
        -slices.basis_amount as basis_amount,
        epochs.from_month as origin_period
    from slices
    inner join epochs
        on
            slices.window_id = epochs.window_id
            and slices.epoch = epochs.epoch - 1
            and slices.month < epochs.from_month
),

changes as (
    select
        window_id,
        credited_on,
        transaction_type,
        transaction_id,
        line,
        credit_role,
        cast(
            1000 + row_number() over (
                partition by window_id, transaction_type, transaction_id, line, origin_period
                order by case when sum(basis_amount) < 0 then 0 else 1 end, tier_from, rate, credit_role
            ) as integer
        ) as slice,
        tier_from,
        rate,
        {{ money('sum(basis_amount)') }} as basis_amount,
        origin_period
    from re_rated
    group by
        window_id, credited_on, transaction_type, transaction_id, line, credit_role, tier_from, rate, origin_period
    having sum(basis_amount) <> 0
),

lines as (
    select
        window_id,
        origin_period,
        credited_on,
        transaction_type,
        transaction_id,
        line,
        band_no as slice,
        tier_from,
        rate,
        basis_amount
    from first_ratings
    where credit_role = 'owner'
    union all
    -- Credits on top of the owner's own: several may stand beside each other on one transaction.
    select
        window_id,
        origin_period,
        credited_on,
        transaction_type,
        transaction_id,
        line,
        cast(
            100 + row_number() over (
                partition by window_id, transaction_type, transaction_id, line order by credit_role, band_no
            ) as integer
        ) as slice,
        tier_from,
        rate,
        basis_amount
    from first_ratings
    where credit_role <> 'owner'
    union all
    select
        window_id,
        origin_period,
        credited_on,
        transaction_type,
        transaction_id,
        line,
        slice,
        tier_from,
        rate,
        basis_amount
    from changes
),

rated as (
    select *, {{ times('basis_amount', 'rate') }} as amount
    from lines
)

select * from rated
