-- One row per scope member, period and slice: won ÷ (won + lost) amount.
with

won as (select * from {{ ref('int_deal_facts') }}),

lost as (select * from {{ ref('int_lost_facts') }}),

requests as (select * from {{ source('inputs', 'kpi_requests') }} where kpi = 'win_rate_value'),

outcomes as (
    select scope, scope_id, period, slice, won_amount as won, 0 as lost, won_count as deal_count from won
    union all
    select scope, scope_id, period, slice, 0 as won, lost_amount as lost, lost_count as deal_count from lost
),

win_rate_value as (
    select
        outcomes.scope,
        outcomes.scope_id,
        outcomes.period,
        outcomes.slice,
        requests.variant,
        {{ kpi_number('sum(outcomes.won)') }} as numerator,
        {{ kpi_number('sum(outcomes.won) + sum(outcomes.lost)') }} as denominator,
        cast(sum(outcomes.deal_count) as bigint) as sample_size
    from outcomes
    inner join requests on outcomes.slice = requests.slice
    group by outcomes.scope, outcomes.scope_id, outcomes.period, outcomes.slice, requests.variant
)

select * from win_rate_value
