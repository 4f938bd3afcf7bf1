-- One row per dispute: the line of the statement it is about, its answer, and how old it is or became.
-- While a month is open its lines may be numbered anew: a source that is named says which line is meant, the number
-- decides among several of that source and counts alone where no source fits. A closed month's numbers stand.
with

questions as (select * from {{ ref('stg_disputes') }}),

lines as (select * from {{ ref('statement_lines') }}),

ranges as (select * from {{ ref('int_participant_ranges') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

run as (select * from {{ source('inputs', 'run') }}),

asked as (select distinct participant_id, period from questions),

disputed_lines as (
    select lines.*
    from lines
    inner join asked on lines.participant_id = asked.participant_id and lines.period = asked.period
),

candidates as (
    select
        questions.dispute_id,
        lines.line,
        lines.section,
        lines.plan,
        lines.component,
        lines.label_zh,
        lines.label_en,
        lines.source_ref,
        lines.amount,
        lines.currency,
        coalesce(lines.line = questions.line, false) as is_numbered,
        -- A deal without lines is line 1; a statement does not show that, so nobody need write it.
        coalesce(
            lines.source_ref in (questions.source_ref, questions.source_ref || '/1', questions.source_ref || '/'), false
        ) as is_sourced
    from questions
    inner join disputed_lines as lines
        on questions.participant_id = lines.participant_id and questions.period = lines.period
),

meant as (
    select *
    from candidates
    where is_numbered or is_sourced
    qualify row_number() over (partition by dispute_id order by is_sourced desc, is_numbered desc, line) = 1
),

disputes as (
    select
        questions.dispute_id,
        questions.participant_id,
        questions.period,
        coalesce(ranges.name, questions.participant_id) as name,
        coalesce(meant.line, questions.line) as line,
        meant.section,
        meant.plan,
        meant.component,
        meant.label_zh,
        meant.label_en,
        coalesce(meant.source_ref, questions.source_ref) as source_ref,
        meant.amount,
        meant.currency,
        -- Statements of months after the run's are not computed: nothing can be said of their lines.
        meant.line is null and questions.period <= run.period as is_line_unknown,
        questions.question,
        questions.raised_on,
        questions.answer,
        questions.answered_on,
        questions.answered_by,
        questions.outcome,
        case when questions.answer is null then 'open' else 'answered' end as status,
        cast(
            greatest(date_diff('day', questions.raised_on, coalesce(questions.answered_on, run.known_on)), 0) as integer
        ) as age_days,
        run.run_id
    from questions
    cross join run
    left join meant on questions.dispute_id = meant.dispute_id
    left join months on questions.period = months.month
    left join ranges
        on
            questions.participant_id = ranges.participant_id
            and months.ends_on between ranges.starts_on and ranges.ends_on
)

select * from disputes
