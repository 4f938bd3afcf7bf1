-- Every delivered row ends in exactly one place: landed = staged + superseded + quarantined, for every stream.
select * from {{ ref('int_stream_counts') }}
where landed <> staged + superseded + quarantined
