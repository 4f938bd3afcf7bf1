{{ config(meta=local_by(
    ['participant_id', 'plan', 'component', 'origin_period'],
    [
        'int_shown_lines',
        'int_modifier_lines',
        'int_override_lines',
        'int_rounding_lines',
        'int_clawback_lines',
        'int_deduction_lines'
    ],
    {
        'int_rated_lines': [['int_windows', ['window_id']]]
    }
)) }}
-- One row per earning line: the part of a transaction at one tier and rate, a bonus, what a limit or rounding adds, what a
-- clawback or deduction takes.
with

lines as (
    select * from {{ ref('int_earning_lines') }}
    union all by name
    select * from {{ ref('int_clawback_lines') }}
    union all by name
    select * from {{ ref('int_deduction_lines') }}
),

run as (select * from {{ source('inputs', 'run') }}),

earnings as (
    select
        lines.participant_id,
        lines.plan,
        lines.component,
        lines.origin_period,
        lines.transaction_type,
        lines.transaction_id,
        lines.line,
        lines.slice,
        {{ money('lines.basis_amount') }} as basis_amount,
        {{ quickly_published('lines.tier_from') }} as tier_from,
        {{ quickly_published('lines.rate') }} as rate,
        {{ published('lines.amount') }} as amount,
        lines.currency,
        lines.credited_on,
        lines.why,
        run.run_id
    from lines
    cross join run
)

select * from earnings
