-- For every origin period that may still be adjusted: what was booked plus what closing would book is what is computed.
-- A run of a closed period books nothing; what came late since waits for the open one.
with

run as (select * from {{ source('inputs', 'run') }}),

earned as (select * from {{ ref('int_earned') }}),

booked as (select * from {{ ref('int_booked_amounts') }}),

open_period as (select * from {{ ref('int_open_period') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

amounts as (
    select participant_id, plan, component, origin_period, amount as settled, 0 as computed
    from booked
    union all
    select participant_id, plan, component, origin_period, amount as settled, 0 as computed
    from {{ ref('int_open_entries') }}
    union all
    select participant_id, plan, component, origin_period, 0 as settled, earned as computed
    from earned
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
where months.starts_on >= open_period.adjusts_from and open_period.starts_on <= run.period_ends_on
group by amounts.participant_id, amounts.plan, amounts.component, amounts.origin_period
having sum(amounts.settled) <> sum(amounts.computed)
