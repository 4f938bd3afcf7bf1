{{ config(materialized='view') }}
-- One row per ready-made figure of a scope, KPI and period: its latest valid version.
with

typed as (select * from {{ ref('typed_kpi_inputs') }}),

staged as (
    select
        _batch_no,
        _row,
        participant_id,
        team_id,
        kpi,
        period,
        value,
        numerator,
        denominator,
        source_ref
    from typed
    where {{ is_none_of('typed', [ref('rejected_kpi_inputs')]) }}
)

select * from staged
