-- One row per participant, plan, component and origin period with booked lines of deals that are no deals any more: what
-- was paid of them stands where the origin period may not be adjusted.
with

lines as (
    select * from {{ ref('int_vesting_lines') }}
    where is_booked and pay_when <> 'booked' and deal_id is not null
),

won as (select distinct deal_id from {{ ref('int_won_lines') }} where deal_id in (select deal_id from lines)),

gone_origins as (
    select distinct lines.participant_id, lines.plan, lines.component, lines.origin_period
    from lines
    left join won on lines.deal_id = won.deal_id
    where won.deal_id is null
)

select * from gone_origins
