-- A row is quarantined once, for the first rule it breaks, however often it comes: stream, record_key and source_ref
-- identify it.
select
    stream,
    record_key,
    source_ref
from {{ ref('quarantine') }}
group by stream, record_key, source_ref
having count(*) > 1
