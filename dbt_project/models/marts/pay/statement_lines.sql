{{ config(meta=local_by(
    ['participant_id', 'period'],
    ['int_result_lines', 'int_settlement_lines', 'int_award_lines'],
    {
        'int_rated_lines': [{'period': 'origin_period'}, ['int_windows', ['window_id']]],
        'int_shown_lines': ['participant_id', 'origin_period'],
        'int_modifier_lines': ['participant_id', 'origin_period'],
        'int_override_lines': ['participant_id', 'origin_period'],
        'int_rounding_lines': ['participant_id', 'origin_period'],
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

other_lines as (
    select * from result_lines
    union all by name
    select * from settlement_lines
    union all by name
    select * from award_lines
),

open_lines as (
    select other_lines.*
    from other_lines
    inner join periods on other_lines.period = periods.period
    cross join open_period
    where periods.starts_on >= open_period.starts_on
),

placed as (
    select
        *,
        row_number() over (partition by participant_id, period order by section, sort_key, source_ref) as place,
        section < '3 pay' as is_before_pay
    from open_lines
),

lines_before_pay as (
    select participant_id, period, count(*) as line_count
    from placed
    where is_before_pay
    group by participant_id, period
),

lines_of_pay as (
    select participant_id, origin_period as period, count(*) as line_count
    from {{ ref('int_shown_earnings') }}
    group by participant_id, origin_period
),

numbered as (
    select
        pay_lines.* exclude (place),
        pay_lines.place + coalesce(lines_before_pay.line_count, 0) as line
    from pay_lines
    left join lines_before_pay
        on
            pay_lines.participant_id = lines_before_pay.participant_id
            and pay_lines.period = lines_before_pay.period
    union all by name
    select
        placed.* exclude (place, sort_key, is_before_pay),
        placed.place + case when placed.is_before_pay then 0 else coalesce(lines_of_pay.line_count, 0) end as line
    from placed
    left join lines_of_pay
        on
            placed.participant_id = lines_of_pay.participant_id
            and placed.period = lines_of_pay.period
),

open_statements as (
    select
        participant_id,
        period,
        cast(line as integer) as line,
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
    from numbered
),

statement_lines as (
    select open_statements.*, run.run_id
    from open_statements
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
