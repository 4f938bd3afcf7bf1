{{ config(materialized='view') }}
-- One row per figure that was delivered ready-made and is asked for: it stands in place of the computed one, for exactly its
-- scope member and period. Of a KPI with variants the default is delivered.
with

catalogue as (select * from {{ source('inputs', 'kpi_catalogue') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }}),

periods as (select * from {{ source('inputs', 'periods') }}),

delivered as (
    select
        case
            when inputs.participant_id is not null then 'participant'
            when inputs.team_id is not null then 'team'
            else 'company'
        end as scope,
        coalesce(inputs.participant_id, inputs.team_id, 'company') as scope_id,
        inputs.kpi,
        inputs.period,
        requests.slice,
        requests.variant,
        inputs.value,
        inputs.numerator,
        inputs.denominator
    from {{ ref('stg_kpi_inputs') }} as inputs
    inner join catalogue on inputs.kpi = catalogue.kpi
    inner join periods on inputs.period = periods.period
    inner join requests
        on
            inputs.kpi = requests.kpi
            and requests.slice = 'all'
            and requests.variant = split_part(catalogue.variants, '|', 1)
)

select * from delivered
