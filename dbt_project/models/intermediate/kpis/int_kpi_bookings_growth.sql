-- One row per scope member, period and slice: bookings ÷ bookings of the same period last year − 1.
-- A period in progress is compared with the same months of last year's, not with the whole of it. A segment has no last
-- year of its own: the participant's growth holds for it.
with

facts as (select * from {{ ref('int_deal_facts') }}),

months as (select * from {{ ref('int_deal_months') }}),

periods as (select * from {{ source('inputs', 'periods') }}),

period_months as (select * from {{ source('inputs', 'period_months') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'bookings_growth'),

comparable_months as (
    select periods.period, last_year.month
    from periods
    inner join period_months as this_year on periods.period = this_year.period
    inner join period_months as last_year
        on periods.previous_year_period = last_year.period and this_year.month_no = last_year.month_no
),

last_year as (
    select
        months.scope,
        months.scope_id,
        comparable_months.period,
        months.slice,
        sum(months.won_amount) as won_amount
    from months
    inner join comparable_months on months.month = comparable_months.month
    group by months.scope, months.scope_id, comparable_months.period, months.slice
),

bookings_growth as (
    select
        facts.scope,
        facts.scope_id,
        facts.period,
        facts.slice,
        requests.variant,
        {{ kpi_number('facts.won_amount - coalesce(last_year.won_amount, 0)') }} as numerator,
        {{ kpi_number('coalesce(last_year.won_amount, 0)') }} as denominator,
        facts.won_count as sample_size
    from facts
    inner join requests on facts.slice = requests.slice and facts.scope <> 'segment'
    left join last_year
        on
            facts.scope = last_year.scope
            and facts.scope_id = last_year.scope_id
            and facts.period = last_year.period
            and facts.slice = last_year.slice
)

select * from bookings_growth
