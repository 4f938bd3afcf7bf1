-- One row per scope member, period and slice: mean (or median) days from creation to winning.
with

facts as (select * from {{ ref('int_deal_facts') }}),

medians as (select * from {{ ref('int_cycle_medians') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'sales_cycle'),

means as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number('facts.cycle_days') }} as numerator,
        {{ kpi_number('facts.cycle_count') }} as denominator,
        facts.cycle_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
    where requests.variant <> 'median'
),

-- A median over one: without deals it is 0 over 0, so there is no value.
middle as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number('coalesce(medians.median_days, 0)') }} as numerator,
        {{ kpi_number('case when medians.median_days is null then 0 else 1 end') }} as denominator,
        coalesce(medians.cycle_count, 0) as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
    left join medians
        on
            facts.scope = medians.scope
            and facts.scope_id = medians.scope_id
            and facts.period = medians.period
            and facts.slice = medians.slice
    where requests.variant = 'median'
),

sales_cycle as (
    select * from means
    union all
    select * from middle
)

select * from sales_cycle
