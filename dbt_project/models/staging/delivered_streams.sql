{{ config(materialized='table') }}
-- One row per stream of which a row has been delivered that could be read.
with

batches as (select * from {{ source('landing', 'batches') }}),

malformed as (
    select
        stream,
        count(*) as rows
    from {{ source('landing', 'malformed') }}
    group by stream
),

delivered as (
    select
        stream,
        sum(rows) as rows
    from batches
    group by stream
),

delivered_streams as (
    select delivered.stream
    from delivered
    left join malformed on delivered.stream = malformed.stream
    where delivered.rows > coalesce(malformed.rows, 0)
)

select * from delivered_streams
