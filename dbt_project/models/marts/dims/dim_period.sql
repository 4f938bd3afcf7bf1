-- One row per month, quarter and year up to the published period.
with

periods as (select * from {{ source('inputs', 'periods') }}),

run as (select run_id from {{ source('inputs', 'run') }}),

dim_period as (
    select
        periods.period,
        periods.kind,
        periods.starts_on,
        periods.ends_on,
        periods.days,
        periods.quarter,
        periods.year,
        periods.previous_year_period,
        run.run_id
    from periods
    cross join run
)

select * from dim_period
