-- One row: the first month that is not closed yet, and the earliest origin month it may still adjust.
with

company as (select * from {{ source('inputs', 'run') }}),

closes as (select * from {{ source('booked', 'closes') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

last_close as (select max(booked_period) as period from closes),

open_period as (
    select
        coalesce(next_months.month, company.first_period) as open_period,
        coalesce(next_months.starts_on, first_months.starts_on) as starts_on,
        cast(
            coalesce(next_months.starts_on, first_months.starts_on)
            - to_months(company.retro_window) as date
        ) as adjusts_from
    from company
    cross join last_close
    inner join months as first_months on company.first_period = first_months.month
    left join months as closed_months on last_close.period = closed_months.month
    left join months as next_months on closed_months.ordinal + 1 = next_months.ordinal
)

select * from open_period
