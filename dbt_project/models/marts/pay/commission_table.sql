{{ config(meta=local_by(['participant_id', 'period'], ['payouts'])) }}
-- One row per participant, period and currency: the row finance pays from.
-- Closed rows keep the name and team their close kept; closes of versions that kept none show today's.
with

payouts as (select * from {{ ref('payouts') }}),

booked as (select * from {{ source('booked', 'payroll') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

teams as (select * from {{ ref('stg_teams') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

deductions as (
    select distinct plan, component, true as is_deduction
    from {{ source('inputs', 'components') }}
    where type = 'deduction'
),

typed as (
    select payouts.*, coalesce(deductions.is_deduction, false) as is_deduction
    from payouts
    left join deductions on payouts.plan = deductions.plan and payouts.component = deductions.component
),

summed as (
    select
        participant_id,
        period,
        currency,
        {{ money('coalesce(sum(earned) filter (where not is_deduction), 0)') }} as gross_earned,
        {{ money('sum(adjustment - held + released - clawed_back)') }} as adjustments,
        {{ money('sum(drawn - recovered)') }} as draws,
        {{ money('coalesce(sum(earned) filter (where is_deduction), 0)') }} as deductions,
        {{ money('sum(payable)') }} as payable,
        max(run_id) as run_id,
        case
            when bool_and(status = 'closed') then 'closed'
            when bool_and(status = 'provisional') then 'provisional'
            else 'open'
        end as status
    from typed
    group by participant_id, period, currency
),

commission_table as (
    select
        summed.participant_id,
        summed.period,
        coalesce(booked.name, ranges.name, summed.participant_id) as name,
        case when booked.participant_id is null then coalesce(teams.name, ranges.team_id) else booked.team end as team,
        summed.gross_earned,
        summed.adjustments,
        summed.draws,
        summed.deductions,
        summed.payable,
        summed.currency,
        summed.status,
        summed.run_id
    from summed
    inner join months on summed.period = months.month
    left join booked
        on
            summed.participant_id = booked.participant_id
            and summed.period = booked.period
            and summed.currency = booked.currency
    left join ranges
        on
            summed.participant_id = ranges.participant_id
            and months.ends_on between ranges.starts_on and ranges.ends_on
    left join teams on ranges.team_id = teams.team_id
)

select * from commission_table
