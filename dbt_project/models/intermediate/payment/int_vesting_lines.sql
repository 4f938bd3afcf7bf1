-- One row per group of earning lines that become payable together: participant, plan, component, origin period and, for
-- lines of a deal, the deal and the day from which its waiting time counts. Only of components that do not pay at once.
-- is_booked: lines as the newest close kept them, for what has changed since or may no longer change.
with

booked_lines as (select * from {{ ref('int_booked_lines') }}),

amounts as (select * from {{ ref('int_origin_amounts') }}),

pay_terms as (select * from {{ source('inputs', 'pay_terms') }}),

components as (select * from {{ source('inputs', 'components') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

computed as (
    select
        participant_id,
        plan,
        component,
        plan_version_id,
        origin_period,
        deal_id,
        waits_from,
        is_clawback,
        {{ money('sum(amount)') }} as amount
    from {{ ref('int_timed_lines') }}
    group by participant_id, plan, component, plan_version_id, origin_period, deal_id, waits_from, is_clawback
),

-- What was booked is needed where today's lines differ from it, and where it is all that may still be paid; with what
-- was booked of the other months of its window.
needed as (
    select distinct participant_id, plan, component
    from amounts
    where is_settled or (is_closed and computed_amount <> booked_amount)
),

united as (
    select *, false as is_booked from computed
    union all
    select
        booked_lines.participant_id,
        booked_lines.plan,
        booked_lines.component,
        booked_lines.plan_version_id,
        booked_lines.origin_period,
        booked_lines.deal_id,
        booked_lines.waits_from,
        booked_lines.is_clawback,
        booked_lines.amount,
        true as is_booked
    from booked_lines
    inner join needed
        on
            booked_lines.participant_id = needed.participant_id
            and booked_lines.plan = needed.plan
            and booked_lines.component = needed.component
),

-- What belongs to no deal follows the deals of its window so far.
vesting_lines as (
    select
        united.*,
        pay_terms.pay_when,
        pay_terms.leavers,
        case components.accumulate
            when 'quarter' then months.quarter
            when 'year' then months.year
            else united.origin_period
        end as window_period,
        months.ends_on as origin_ends_on
    from united
    inner join pay_terms
        on united.plan_version_id = pay_terms.plan_version_id and united.component = pay_terms.component
    inner join components
        on united.plan_version_id = components.plan_version_id and united.component = components.component
    inner join months on united.origin_period = months.month
)

select * from vesting_lines
