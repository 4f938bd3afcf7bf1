-- One row per participant and effective range, as delivered: what held from when until the day before the next row. Who is
-- hired again after leaving has another employment from then on; both keep their own first and last day.
with

participants as (select * from {{ ref('stg_participants') }}),

company as (select * from {{ source('inputs', 'run') }}),

compared as (
    select
        *,
        coalesce(hired_on > max(left_on) over before and hired_on > max(hired_on) over before, false) as is_hired_again
    from participants
    window before as (
        partition by participant_id order by effective_from rows between unbounded preceding and 1 preceding
    )
),

employed as (
    select
        *,
        count(*) filter (where is_hired_again) over (partition by participant_id order by effective_from)
            as employment_no
    from compared
),

employment as (
    select
        participant_id,
        employment_no,
        arg_max(hired_on, effective_from) filter (where hired_on is not null) as hired_on,
        arg_max(left_on, effective_from) filter (where left_on is not null) as left_on
    from employed
    group by participant_id, employment_no
),

known_as as (
    select
        participant_id,
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
    from employed
),

effective as (
    select
        ranged.participant_id,
        coalesce(known_as.name, ranged.participant_id) as name,
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
        -- Without a currency of its own, pay is in that of the plan.
        ranged.currency as pay_currency,
        coalesce(known_as.locale, company.locale) as locale,
        -- Nothing is known of a person before the first row, so the first row is taken to hold then.
        case when ranged.range_no = 1 then date '1900-01-01' else ranged.effective_from end as starts_on,
        coalesce(ranged.next_from - 1, date '9999-12-31') as ends_on
    from ranged
    inner join employment
        on ranged.participant_id = employment.participant_id and ranged.employment_no = employment.employment_no
    inner join known_as on ranged.participant_id = known_as.participant_id
    cross join company
)

select * from effective
