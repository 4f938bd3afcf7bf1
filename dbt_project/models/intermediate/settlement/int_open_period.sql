-- One row: the first month that is not closed yet, and the earliest origin month it may still adjust.
with

company as (select * from {{ source('inputs', 'run') }}),

closes as (select * from {{ source('booked', 'closes') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

last_close as (select max(booked_period) as period from closes),

-- The day after the last close; the calendar may end with the month that was closed.
begun as (
    select
        company.retro_window,
        coalesce(cast(closed_months.ends_on + 1 as date), first_months.starts_on) as starts_on
    from company
    cross join last_close
    inner join months as first_months on company.first_period = first_months.month
    left join months as closed_months on last_close.period = closed_months.month
),

open_period as (
    select
        strftime(starts_on, '%Y-%m') as open_period,
        starts_on,
        cast(starts_on - to_months(retro_window) as date) as adjusts_from
    from begun
)

select * from open_period
