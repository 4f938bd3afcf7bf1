-- One row per stream: what became of its landed rows. The four numbers are counted apart, so that a row that went
-- missing or was kept twice shows.
with

landed as (
    select
        stream,
        cast(sum(rows) as bigint) as landed
    from {{ source('landing', 'batches') }}
    group by stream
),

unreadable as (
    select
        stream,
        count(*) as malformed
    from {{ source('landing', 'malformed') }}
    group by stream
),

judged as (
    {{ stream_counts('participants') }}
    union all
    {{ stream_counts('teams') }}
    union all
    {{ stream_counts('absences') }}
    union all
    {{ stream_counts('targets') }}
    union all
    {{ stream_counts('accounts') }}
    union all
    {{ stream_counts('products') }}
    union all
    {{ stream_counts('leads') }}
    union all
    {{ stream_counts('deals') }}
    union all
    {{ stream_counts('deal_lines') }}
    union all
    {{ stream_counts('deal_stages') }}
    union all
    {{ stream_counts('deal_splits') }}
    union all
    {{ stream_counts('activities') }}
    union all
    {{ stream_counts('invoices') }}
    union all
    {{ stream_counts('payments') }}
    union all
    {{ stream_counts('credit_notes') }}
    union all
    {{ stream_counts('renewals') }}
    union all
    {{ stream_counts('fx_rates') }}
    union all
    {{ stream_counts('kpi_inputs') }}
    union all
    {{ stream_counts('market_sizes') }}
    union all
    {{ stream_counts('survey_responses') }}
    union all
    {{ stream_counts('training') }}
    union all
    {{ stream_counts('objectives') }}
    union all
    {{ stream_counts('coaching') }}
    union all
    {{ stream_counts('disputes') }}
),

counts as (
    select
        judged.stream,
        coalesce(landed.landed, 0) as landed,
        judged.staged,
        judged.superseded,
        judged.quarantined + coalesce(unreadable.malformed, 0) as quarantined
    from judged
    left join landed on judged.stream = landed.stream
    left join unreadable on judged.stream = unreadable.stream
)

select * from counts
