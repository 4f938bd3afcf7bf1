{{ config(meta=local_by(['participant_id', 'period'], ['commission_table'])) }}
-- One row per participant, period and currency: what payroll pays, and the group it is paid with.
-- Closed periods read as their close kept them, whatever name or team says today.
with

commission_table as (select * from {{ ref('commission_table') }}),

booked as (select * from {{ source('booked', 'payroll') }}),

closes as (select distinct booked_period from {{ source('booked', 'closes') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

finance as (select * from {{ source('inputs', 'finance') }}),

run as (select * from {{ source('inputs', 'run') }}),

open_rows as (
    select
        commission_table.participant_id,
        commission_table.period,
        commission_table.name,
        commission_table.team,
        coalesce(
            case finance.pay_group_by when 'role' then ranges.role when 'team' then ranges.team_id else 'all' end, 'none'
        ) as pay_group,
        commission_table.gross_earned,
        commission_table.adjustments,
        commission_table.draws,
        commission_table.deductions,
        commission_table.payable,
        commission_table.currency,
        commission_table.status
    from commission_table
    inner join months on commission_table.period = months.month
    cross join finance
    left join closes on commission_table.period = closes.booked_period
    left join ranges
        on
            commission_table.participant_id = ranges.participant_id
            and months.ends_on between ranges.starts_on and ranges.ends_on
    where closes.booked_period is null
),

combined as (
    select * from open_rows
    union all
    select
        participant_id, period, name, team, pay_group, gross_earned, adjustments, draws, deductions, payable, currency,
        'closed' as status
    from booked
),

payroll as (
    select
        combined.participant_id,
        combined.period,
        combined.name,
        combined.team,
        combined.pay_group,
        combined.gross_earned,
        combined.adjustments,
        combined.draws,
        combined.deductions,
        combined.payable,
        combined.currency,
        combined.status,
        run.run_id
    from combined
    cross join run
)

select * from payroll
