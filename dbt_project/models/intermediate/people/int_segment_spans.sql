{{ config(materialized='view') }}
-- One row per segment (the part of a period under one of several plans) and period: its first day there, and its days.
with

members as (select * from {{ ref('int_scope_members') }} where scope = 'segment'),

ranges as (select * from {{ ref('int_participant_ranges') }}),

period_months as (select * from {{ source('inputs', 'period_months') }}),

spans as (
    select period, min(month_starts_on) as starts_on, last_day(max(month_starts_on)) as ends_on
    from period_months
    group by period
),

parts as (
    select
        members.scope_id,
        ranges.participant_id,
        spans.period,
        greatest(ranges.starts_on, spans.starts_on) as starts_on,
        least(ranges.ends_on, spans.ends_on) as ends_on
    from members
    inner join ranges on members.range_id = ranges.range_id
    inner join spans on ranges.starts_on <= spans.ends_on and ranges.ends_on >= spans.starts_on
),

segment_spans as (
    select
        scope_id,
        participant_id,
        period,
        min(starts_on) as begins_on,
        cast(sum(datediff('day', starts_on, ends_on) + 1) as integer) as days
    from parts
    group by scope_id, participant_id, period
)

select * from segment_spans
