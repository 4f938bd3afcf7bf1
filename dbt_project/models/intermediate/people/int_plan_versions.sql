-- One row per plan version with the days on which it is the version in force.
-- A version counts from the first month that begins on or after effective_from, until the next version does.
with

plans as (select * from {{ source('inputs', 'plans') }}),

first_months as (
    select
        *,
        case
            when date_trunc('month', effective_from) = effective_from then effective_from
            else cast(date_trunc('month', effective_from) + interval 1 month as date)
        end as in_force_from
    from plans
),

in_force as (
    select
        *,
        least(
            coalesce(effective_to, date '9999-12-31'),
            coalesce(
                lead(in_force_from) over (partition by plan order by effective_from) - 1,
                date '9999-12-31'
            )
        ) as in_force_to
    from first_months
)

select * from in_force
where in_force_from <= in_force_to
