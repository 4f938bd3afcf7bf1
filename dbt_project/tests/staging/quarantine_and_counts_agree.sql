-- Readers find every quarantined row: the mart stands for as many rows per stream as were counted.
with

published as (
    select
        stream,
        sum(deliveries) as rows
    from {{ ref('quarantine') }}
    group by stream
)

select
    counts.stream,
    counts.quarantined,
    published.rows
from {{ ref('int_stream_counts') }} as counts
left join published on counts.stream = published.stream
where counts.quarantined <> coalesce(published.rows, 0)
