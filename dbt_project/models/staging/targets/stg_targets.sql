{{ config(materialized='view') }}
-- One row per target of a scope, KPI, period and revision: its latest valid version.
with

typed as (select * from {{ ref('typed_targets') }}),

staged as (
    select
        _batch_no,
        _row,
        participant_id,
        team_id,
        kpi,
        period,
        value,
        currency,
        revision,
        revised_on,
        reason
    from typed
    where {{ is_none_of('typed', [ref('rejected_targets')]) }}
)

select * from staged
