-- One row per scope member, period and slice: bookings ÷ their target; NULL without one.
with

facts as (select * from {{ ref('int_deal_facts') }}),

targets as (select * from {{ ref('int_targets') }} where kpi = 'bookings'),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'quota_attainment'),

quota_attainment as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number('facts.won_amount') }} as numerator,
        {{ kpi_number('coalesce(targets.target, 0)') }} as denominator,
        facts.won_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice
    left join targets
        on
            facts.scope = targets.scope
            and facts.scope_id = targets.scope_id
            and facts.period = targets.period
)

select * from quota_attainment
