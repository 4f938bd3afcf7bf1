-- One row per run, gate and check. The run writes the findings of each gate after it has judged; this table is the form.
with

results as (select * from {{ source('inputs', 'gate_results') }}),

quality_results as (
    select
        run_id,
        gate,
        "check",
        severity,
        status,
        observed,
        expected,
        failed_rows,
        sample
    from results
)

select * from quality_results
