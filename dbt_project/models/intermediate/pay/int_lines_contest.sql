-- One row per participant, plan version, contest and period: the prize of the place reached. Who ties shares the prizes
-- of the places they occupy, cut to the minor unit; the units left over go one each to the smallest participant id.
with

component_periods as (select * from {{ ref('int_component_periods') }} where type = 'contest'),

kpis as (select * from {{ ref('int_component_kpis') }} where use = 'rank'),

contests as (select * from {{ source('inputs', 'contests') }}),

prizes as (select * from {{ source('inputs', 'contest_prizes') }}),

plans as (select * from {{ source('inputs', 'plans') }}),

currencies as (select * from {{ source('inputs', 'currencies') }}),

entered as (
    select
        component_periods.*,
        kpis.measured,
        {{ group_of('contests.within', 'component_periods') }} as group_id,
        case when contests.is_lower_better then -kpis.measured else kpis.measured end as merit,
        coalesce(
            case
                when contests.is_lower_better then kpis.measured <= contests.minimum_value
                else kpis.measured >= contests.minimum_value
            end,
            kpis.measured is not null and contests.minimum_value is null
        ) as is_qualified
    from component_periods
    inner join contests
        on
            component_periods.plan_version_id = contests.plan_version_id
            and component_periods.component = contests.component
    left join kpis
        on
            component_periods.participant_id = kpis.participant_id
            and component_periods.plan_version_id = kpis.plan_version_id
            and component_periods.component = kpis.component
            and component_periods.period = kpis.period
),

placed as (
    select
        participant_id,
        plan_version_id,
        component,
        period,
        rank() over (partition by plan_version_id, component, period, group_id order by merit desc) as place,
        count(*) over (partition by plan_version_id, component, period, group_id, merit) as tied,
        row_number() over (partition by plan_version_id, component, period, group_id, merit order by participant_id)
            as precedence
    from entered
    where is_qualified
),

won as (
    select
        placed.participant_id,
        placed.plan_version_id,
        placed.component,
        placed.period,
        placed.place,
        placed.tied,
        placed.precedence,
        {{ money('coalesce(sum(prizes.prize), 0)') }} as prize
    from placed
    left join prizes
        on
            placed.plan_version_id = prizes.plan_version_id
            and placed.component = prizes.component
            and prizes.place between placed.place and placed.place + placed.tied - 1
    group by all
),

shared as (
    select
        won.*,
        {{ minor_unit('currencies.minor_units') }} as unit,
        {{ equal_part('won.prize', 'won.tied', minor_unit('currencies.minor_units')) }} as cut_prize
    from won
    inner join plans on won.plan_version_id = plans.plan_version_id
    inner join currencies on plans.currency = currencies.currency
),

awarded as (
    select
        *,
        {{ money("cut_prize + " ~ returned_part(money('prize - cut_prize * tied'), 'precedence', 'unit')) }} as amount
    from shared
),

results as (
    select entered.*, awarded.place, awarded.tied, awarded.amount
    from entered
    left join awarded
        on
            entered.participant_id = awarded.participant_id
            and entered.plan_version_id = awarded.plan_version_id
            and entered.component = awarded.component
            and entered.period = awarded.period
),

lines as (
    select
        {{ period_line() }}
        {{ money('null') }} as basis_amount,
        cast(null as decimal(24, 10)) as rate,
        measured,
        cast(coalesce(amount, 0) as decimal(38, 16)) as amount,
        case
            when measured is null then 'the KPI of the contest has no data'
            when not is_qualified then 'not qualified at ' || cast({{ published('measured') }} as varchar)
            else
                'place ' || cast(place as varchar) || ' at ' || cast({{ published('measured') }} as varchar)
                || case when tied > 1 then ', shared by ' || cast(tied as varchar) else '' end
        end as why
    from results
)

select * from lines
