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

followed as (
    select
        *,
        lead(effective_from) over (partition by plan order by effective_from) as next_from,
        lead(in_force_from) over (partition by plan order by effective_from) as next_in_force_from
    from first_months
),

in_force as (
    select
        * exclude (next_from, next_in_force_from),
        case
            -- The next version takes over where this one ends; until its first month begins, this one holds.
            when effective_to is null or effective_to + 1 = next_from
                then coalesce(next_in_force_from - 1, date '9999-12-31')
            else least(effective_to, coalesce(next_in_force_from - 1, date '9999-12-31'))
        end as in_force_to
    from followed
)

select * from in_force
where in_force_from <= in_force_to
