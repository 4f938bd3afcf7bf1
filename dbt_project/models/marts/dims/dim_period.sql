-- One row per month, quarter and year up to the published period.
with

periods as (select * from {{ source('inputs', 'periods') }}),

dim_period as (
    select period, kind, starts_on, ends_on, days, quarter, year, previous_year_period
    from periods
)

select * from dim_period
