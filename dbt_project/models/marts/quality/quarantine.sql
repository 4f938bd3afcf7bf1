-- One row per record in quarantine and place it stands at: what is wrong with it as it was delivered last, what was
-- expected, since when, and how often it came (a file that grows brings its broken rows again each time).
with

run as (select * from {{ source('inputs', 'run') }}),

batches as (select * from {{ source('landing', 'batches') }}),

broken as (
    select
        stream,
        record_key,
        _batch_no,
        _row,
        rule,
        field,
        value,
        field || case
            when value is null then ' is empty'
            when length(value) > 100 then ' is ''' || left(value, 100) || '…'''
            else ' is ''' || value || ''''
        end || '; expected ' || expected || '.' as message,
        raw,
        resolved_batch_no
    from {{ ref('int_quarantined_rows') }}
),

replaced as ({{ replaced_batches() }}),

malformed as (
    select
        malformed.stream,
        '' as record_key,
        malformed.batch_no as _batch_no,
        malformed.row as _row,
        malformed.rule,
        cast(null as varchar) as field,
        cast(null as varchar) as value,
        malformed.message,
        malformed.raw,
        replaced.by_batch_no as resolved_batch_no
    from {{ source('landing', 'malformed') }} as malformed
    left join replaced on malformed.batch_no = replaced.batch_no
),

refused as (
    select * from broken
    union all
    select * from malformed
),

located as (
    select
        refused.*,
        batches.source_ref as file,
        batches.landed_at,
        mended.landed_at as resolved_at
    from refused
    inner join batches on refused._batch_no = batches.batch_no and refused.stream = batches.stream
    left join batches as mended on refused.resolved_batch_no = mended.batch_no and refused.stream = mended.stream
),

-- The same record may be delivered broken again and again: how long it has been so. A row without key is on its own.
sightings as (
    select
        stream,
        record_key,
        rule,
        min(landed_at) as first_seen,
        max(landed_at) as last_seen
    from located
    where record_key <> ''
    group by stream, record_key, rule
),

ranked as (
    select
        *,
        count(*) over by_place as deliveries,
        min(landed_at) over by_place as first_landed_at,
        row_number() over (partition by stream, record_key, file, _row order by _batch_no desc) as place
    from located
    window by_place as (partition by stream, record_key, file, _row)
),

newest as (select * from ranked where place = 1),

quarantine as (
    select
        run.run_id,
        newest.stream,
        newest.record_key,
        newest.file || '#' || cast(newest._row as varchar) as source_ref,
        newest.file,
        newest._row as row,
        newest.field,
        newest.value,
        newest.rule,
        newest.message,
        newest.raw,
        cast(coalesce(sightings.first_seen, newest.first_landed_at) as timestamp) as first_seen,
        cast(coalesce(sightings.last_seen, newest.landed_at) as timestamp) as last_seen,
        cast(newest.resolved_at as timestamp) as resolved_at,
        newest.deliveries
    from newest
    cross join run
    left join sightings
        on
            newest.stream = sightings.stream
            and newest.record_key = sightings.record_key
            and newest.rule = sightings.rule
)

select * from quarantine
