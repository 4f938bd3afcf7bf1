{{ config(materialized='view') }}
-- One row per earning line that a statement of a period that is not closed shows: what was earned, what clawbacks and
-- deductions take.
with

lines as (
    select *, 'earning' as origin from {{ ref('int_earning_lines') }}
    union all by name
    select *, 'clawback' as origin from {{ ref('int_clawback_lines') }}
    union all by name
    select *, 'deduction' as origin from {{ ref('int_deduction_lines') }} where amount <> 0
)

select lines.*
from lines
inner join {{ ref('int_open_period') }} as open_period on lines.origin_period >= open_period.open_period
