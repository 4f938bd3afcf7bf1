-- For every origin period that may still be adjusted: what was booked plus what closing would book is what its earning
-- lines add up to. A run of a closed period books nothing; what came late since waits for the open one; what stands as it
-- was booked (frozen once closed) shows in its lines what the data say today.
with

run as (select * from {{ source('inputs', 'run') }}),

entries as (
    select participant_id, plan, component, origin_period, kind, amount from {{ source('booked', 'ledger_entries') }}
    union all
    select participant_id, plan, component, origin_period, kind, amount from {{ ref('int_open_entries') }}
),

open_period as (select * from {{ ref('int_open_period') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

standing as (select * from {{ ref('int_origin_amounts') }} where is_settled),

amounts as (
    select participant_id, plan, component, origin_period, amount as settled, 0 as computed
    from entries
    where kind not in ('hold', 'release', 'draw', 'recovery')
    union all
    select participant_id, plan, component, origin_period, 0 as settled, amount as computed
    from {{ ref('earnings') }}
)

select
    amounts.participant_id,
    amounts.plan,
    amounts.component,
    amounts.origin_period,
    sum(amounts.settled) as settled,
    sum(amounts.computed) as computed
from amounts
inner join months on amounts.origin_period = months.month
cross join open_period
cross join run
left join standing
    on
        amounts.participant_id = standing.participant_id
        and amounts.plan = standing.plan
        and amounts.component = standing.component
        and amounts.origin_period = standing.origin_period
where
    months.starts_on >= open_period.adjusts_from
    and open_period.starts_on <= run.period_ends_on
    and standing.participant_id is null
group by amounts.participant_id, amounts.plan, amounts.component, amounts.origin_period
having sum(amounts.settled) <> sum(amounts.computed)
