-- One row per participant and effective range, as delivered: what held from when until the day before the next row.
with

participants as (select * from {{ ref('stg_participants') }}),

company as (select * from {{ source('inputs', 'run') }}),

employment as (
    select
        participant_id,
        arg_max(hired_on, effective_from) filter (where hired_on is not null) as hired_on,
        arg_max(left_on, effective_from) filter (where left_on is not null) as left_on,
        arg_max(name, effective_from) filter (where name is not null) as name,
        arg_max(locale, effective_from) filter (where locale is not null) as locale
    from participants
    group by participant_id
),

ranged as (
    select
        *,
        row_number() over (partition by participant_id order by effective_from) as range_no,
        lead(effective_from) over (partition by participant_id order by effective_from) as next_from
    from participants
),

effective as (
    select
        ranged.participant_id,
        coalesce(employment.name, ranged.participant_id) as name,
        ranged.role,
        ranged.team_id,
        ranged.manager_id,
        employment.hired_on,
        employment.left_on,
        -- Pay is per year unless the row says month.
        {{ money("coalesce(ranged.base_salary, 0) * case ranged.salary_period when 'month' then 12 else 1 end") }}
            as base_salary,
        {{ money("coalesce(ranged.variable_pay, 0) * case ranged.salary_period when 'month' then 12 else 1 end") }}
            as variable_pay,
        coalesce(ranged.currency, company.currency) as currency,
        coalesce(employment.locale, company.locale) as locale,
        -- Nothing is known of a person before the first row, so the first row is taken to hold then.
        case when ranged.range_no = 1 then date '1900-01-01' else ranged.effective_from end as starts_on,
        coalesce(ranged.next_from - 1, date '9999-12-31') as ends_on
    from ranged
    inner join employment on ranged.participant_id = employment.participant_id
    cross join company
)

select * from effective
