-- One row: what this set is, from which inputs and plans it was computed, and how the gates judged it.
with

run as (select * from {{ source('inputs', 'run') }}),

batches as (select string_agg(batch_id, ',' order by batch_no) as batch_ids from {{ source('landing', 'batches') }}),

plans as (
    select string_agg(plan_version_id || ':' || fingerprint, ',' order by plan_version_id) as plan_versions
    from {{ source('inputs', 'plans') }}
),

gates as (
    select
        string_agg(
            gate || ': ' || passed || ' passed, ' || warned || ' warned', '; ' order by gate
        ) as gate_results
    from (
        select
            gate,
            count(*) filter (where status = 'passed') as passed,
            count(*) filter (where status <> 'passed') as warned
        from {{ source('inputs', 'gate_results') }}
        group by gate
    )
),

publication as (
    select
        run.run_id,
        run.period,
        run.as_of as published_at,
        run.as_of,
        coalesce(batches.batch_ids, '') as batch_ids,
        coalesce(plans.plan_versions, '') as plan_versions,
        coalesce(gates.gate_results, '') as gate_results
    from run
    cross join batches
    cross join plans
    cross join gates
)

select * from publication
