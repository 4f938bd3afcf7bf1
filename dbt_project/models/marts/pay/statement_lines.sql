{{ config(meta=local_by(
    ['participant_id', 'period'],
    ['int_result_lines', 'int_settlement_lines', 'int_award_lines'],
    {
        'int_earning_lines': ['participant_id', 'origin_period'],
        'int_clawback_lines': ['participant_id', 'origin_period'],
        'int_deduction_lines': ['participant_id', 'origin_period'],
        'int_waiting_reasons': ['participant_id', 'origin_period'],
        'int_unscored_pay': ['participant_id', 'origin_period']
    }
)) }}
-- One row per line of a participant's statement: targets and results, the score, every earning down to its deal,
-- adjustments of earlier months, what is held and released, draws, the total, and awards. They add up to the payout.
with

result_lines as (select * from {{ ref('int_result_lines') }}),

pay_lines as (select * from {{ ref('int_pay_lines') }}),

settlement_lines as (select * from {{ ref('int_settlement_lines') }}),

award_lines as (select * from {{ ref('int_award_lines') }}),

periods as (select * from {{ source('inputs', 'calendar_periods') }}),

open_period as (select * from {{ ref('int_open_period') }}),

closed_lines as (select * from {{ source('booked', 'statement_lines') }}),

run as (select * from {{ source('inputs', 'run') }}),

lines as (
    select * from result_lines
    union all by name
    select * from pay_lines
    union all by name
    select * from settlement_lines
    union all by name
    select * from award_lines
),

open_lines as (
    select lines.*
    from lines
    inner join periods on lines.period = periods.period
    cross join open_period
    where periods.starts_on >= open_period.starts_on
),

numbered as (
    select
        participant_id,
        period,
        cast(
            row_number() over (
                partition by participant_id, period
                order by
                    section, sort_key, sort_step, sort_on nulls first, sort_transaction, sort_line, sort_slice, source_ref
            ) as integer
        ) as line,
        substr(section, 3) as section,
        label_zh,
        label_en,
        formula,
        basis,
        rate,
        amount,
        source_ref,
        status,
        not_payable_because,
        plan,
        component,
        currency
    from open_lines
),

statement_lines as (
    select numbered.*, run.run_id
    from numbered
    cross join run
    union all
    select
        closed_lines.participant_id,
        closed_lines.period,
        closed_lines.line,
        closed_lines.section,
        closed_lines.label_zh,
        closed_lines.label_en,
        closed_lines.formula,
        closed_lines.basis,
        closed_lines.rate,
        closed_lines.amount,
        closed_lines.source_ref,
        closed_lines.status,
        closed_lines.not_payable_because,
        closed_lines.plan,
        closed_lines.component,
        closed_lines.currency,
        run.run_id
    from closed_lines
    cross join run
)

select * from statement_lines
