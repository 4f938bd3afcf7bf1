-- One row per credit, component that takes back at its current rate and day of an event: the part of the credit that the
-- event takes back, as a negative credit of that day, but not before it was earned (earned_on). It counts in the window
-- of the plan version then in force, if that has the component.
with

shares as (select * from {{ ref('int_clawback_shares') }} where charge = 'current_rate'),

credits as (
    select * from {{ ref('int_component_credits') }}
    where deal_id in (select deal_id from shares)
),

ranges as (select * from {{ ref('int_participant_ranges') }}),

components as (select * from {{ source('inputs', 'components') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

dated as (
    select
        credits.*,
        shares.share as lost_share,
        greatest(shares.event_on, credits.credited_on) as lost_on,
        coalesce(current_components.plan_version_id, credits.plan_version_id) as current_version_id
    from credits
    inner join shares
        on
            credits.plan_version_id = shares.plan_version_id
            and credits.component = shares.component
            and credits.deal_id = shares.deal_id
            and credits.credited_on >= shares.earned_since_on
    left join ranges
        on
            credits.participant_id = ranges.participant_id
            and greatest(shares.event_on, credits.credited_on) between ranges.starts_on and ranges.ends_on
            and credits.plan = ranges.plan
    left join components as current_components
        on
            ranges.plan_version_id = current_components.plan_version_id
            and credits.component = current_components.component
),

lost_credits as (
    select
        dated.* exclude (lost_share, lost_on, current_version_id) replace (
            dated.current_version_id as plan_version_id,
            'clawback' as transaction_type,
            dated.deal_id as transaction_id,
            -- Several events may hit one line.
            case when dated.transaction_type = 'deal' then dated.line else dated.transaction_id end
            || ' on ' || strftime(dated.lost_on, '%Y-%m-%d') as line,
            dated.lost_on as credited_on,
            months.month as month,
            case components.accumulate
                -- Each event is a transaction of its own.
                when 'transaction'
                    then 'clawback ' || dated.deal_id || ' on ' || strftime(dated.lost_on, '%Y-%m-%d')
                when 'quarter' then months.quarter
                when 'year' then months.year
                else months.month
            end as window_key,
            {% for number in ['amount', 'original_amount', 'units', 'cost', 'pieces', 'basis', 'reach'] %}
                {{ money(times('-dated.' ~ number, 'dated.lost_share')) }} as {{ number }}{{ "," if not loop.last }}
            {% endfor %}
        ),
        dated.credited_on as earned_on
    from dated
    inner join months on strftime(dated.lost_on, '%Y-%m') = months.month
    inner join components
        on dated.current_version_id = components.plan_version_id and dated.component = components.component
)

select * from lost_credits
