-- One row per scope member, period and slice: number of activities.
with

facts as (select * from {{ ref('int_activity_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'activities'),

activities as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number("facts.activity_count") }} as numerator,
        {{ kpi_number("null") }} as denominator,
        facts.activity_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
)

select * from activities
