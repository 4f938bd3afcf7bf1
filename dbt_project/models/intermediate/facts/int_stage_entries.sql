{{ config(materialized='view') }}
-- One row per deal and stage it entered: the first day, and whether the deal ever advanced past the stage.
-- A stage entered on the day the deal closed, with none after it, is the close itself and no step of the funnel.
with

company as (select * from {{ source('inputs', 'run') }}),

entries as (
    select
        deal_stages.deal_id,
        deal_stages.stage,
        deal_stages.stage_order,
        deal_stages.entered_at,
        {{ business_day('deal_stages.entered_at', 'company.time_zone') }} as entered_on
    from {{ ref('stg_deal_stages') }} as deal_stages
    cross join company
    where {{ is_requested('stages') }}
),

deals as (select * from {{ ref('int_deal_attributes') }}),

last_entries as (select deal_id, max(entered_at) as last_entered_at from entries group by deal_id),

steps as (
    select
        entries.*,
        deals.owner_id,
        deals.product_line,
        deals.deal_type,
        deals.segment,
        deals.region,
        coalesce(deals.status = 'won', false) as is_won
    from entries
    inner join last_entries on entries.deal_id = last_entries.deal_id
    left join deals on entries.deal_id = deals.deal_id
    where
        coalesce(deals.won_on, deals.lost_on) is null
        or entries.entered_on < coalesce(deals.won_on, deals.lost_on)
        or entries.entered_at < last_entries.last_entered_at
),

reached as (
    select deal_id, max(stage_order) as furthest_order, max(entered_at) as last_step_at
    from steps
    group by deal_id
),

stage_entries as (
    select
        steps.deal_id,
        steps.stage,
        steps.owner_id,
        steps.product_line,
        steps.deal_type,
        steps.segment,
        steps.region,
        min(steps.entered_on) as entered_on,
        -- Stages without an order follow one another in time.
        max(steps.is_won)
        or coalesce(
            max(reached.furthest_order) > min(steps.stage_order), max(reached.last_step_at) > max(steps.entered_at)
        ) as has_advanced
    from steps
    inner join reached on steps.deal_id = reached.deal_id
    group by
        steps.deal_id, steps.stage, steps.owner_id, steps.product_line, steps.deal_type, steps.segment, steps.region
)

select * from stage_entries
