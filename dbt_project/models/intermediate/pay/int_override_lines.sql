-- One row per line of computed earnings of overrides, before rounding (see int_base_lines).
with

lines as (select * from {{ ref('int_lines_override') }}),

results as (select * from {{ ref('int_override_results') }}),

company as (select * from {{ source('inputs', 'run') }}),

{{ modifier_lines('results') }},

override_lines as (
    {{ shown_lines('lines') }}
    union all
    select * from modifier_lines
)

select override_lines.*
from override_lines
cross join company
where override_lines.origin_period between company.first_period and company.period
