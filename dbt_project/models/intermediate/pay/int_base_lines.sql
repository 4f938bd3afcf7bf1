{{ config(materialized='view') }}
-- One row per line of computed earnings of all components but overrides, before rounding: slices of credits, bonuses,
-- prizes and the like, and what multiplier, gate, minimum and cap add or take. Amounts to six places.
with

rated_lines as (select * from {{ ref('int_rated_lines') }}),

windows as (select * from {{ ref('int_windows') }} where event_no = 0),

shown_lines as (select * from {{ ref('int_shown_lines') }}),

modifier_lines as (select * from {{ ref('int_modifier_lines') }}),

company as (select * from {{ source('inputs', 'run') }}),

base_lines as (
    select
        windows.participant_id,
        windows.plan,
        windows.plan_version_id,
        windows.component,
        rated_lines.origin_period,
        rated_lines.transaction_type,
        rated_lines.transaction_id,
        rated_lines.line,
        rated_lines.slice,
        rated_lines.credited_on,
        rated_lines.basis_amount,
        rated_lines.tier_from,
        rated_lines.rate,
        {{ money_times('rated_lines.basis_amount', 'rated_lines.rate') }} as amount,
        case when rated_lines.basis_amount < 0 then 0 else 1 end as sort_key,
        '' as why
    from rated_lines
    inner join windows on rated_lines.window_id = windows.window_id
    union all
    select * from shown_lines
    union all
    select * from modifier_lines
)

select base_lines.*
from base_lines
cross join company
where base_lines.origin_period between company.first_period and company.period
