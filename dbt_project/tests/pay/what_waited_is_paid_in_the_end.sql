-- Once all of an origin period's earnings are payable, what was held of them has been released, to the cent.
with

entries as (
    select participant_id, plan, component, origin_period, kind, amount from {{ source('booked', 'ledger_entries') }}
    union all
    select participant_id, plan, component, origin_period, kind, amount from {{ ref('int_open_entries') }}
),

amounts as (select * from {{ ref('int_origin_amounts') }}),

run as (select * from {{ source('inputs', 'run') }}),

newest as (
    select
        vested.participant_id,
        vested.plan,
        vested.component,
        vested.origin_period,
        vested.is_booked,
        vested.is_clawback,
        arg_max(vested.is_all, vested.month) as is_all
    from {{ ref('int_vested') }} as vested
    cross join run
    where vested.month <= strftime(run.period_ends_on, '%Y-%m')
    group by all
),

origins as (
    select
        origins.participant_id,
        origins.plan,
        origins.component,
        origins.origin_period,
        bool_and(coalesce(newest.is_all, false)) as is_all
    from {{ ref('int_vesting_origins') }} as origins
    inner join amounts
        on
            origins.participant_id = amounts.participant_id
            and origins.plan = amounts.plan
            and origins.component = amounts.component
            and origins.origin_period = amounts.origin_period
            and origins.is_booked = amounts.is_settled
    left join newest
        on
            origins.participant_id = newest.participant_id
            and origins.plan = newest.plan
            and origins.component = newest.component
            and origins.origin_period = newest.origin_period
            and origins.is_booked = newest.is_booked
            and origins.is_clawback = newest.is_clawback
    group by origins.participant_id, origins.plan, origins.component, origins.origin_period
)

select
    entries.participant_id,
    entries.plan,
    entries.component,
    entries.origin_period,
    sum(entries.amount) as still_held
from entries
inner join origins
    on
        entries.participant_id = origins.participant_id
        and entries.plan = origins.plan
        and entries.component = origins.component
        and entries.origin_period = origins.origin_period
where origins.is_all and entries.kind in ('hold', 'release')
group by entries.participant_id, entries.plan, entries.component, entries.origin_period
having sum(entries.amount) <> 0
