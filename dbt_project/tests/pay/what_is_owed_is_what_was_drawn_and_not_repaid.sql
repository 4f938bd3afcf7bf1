-- The balance of a draw that may be neither kept nor forgiven is what was ever drawn less what was recovered of it.
with

draws as (select * from {{ source('inputs', 'draws') }}),

components as (select * from {{ source('inputs', 'components') }} where type = 'draw'),

strict as (
    select components.plan, components.component
    from components
    inner join draws
        on components.plan_version_id = draws.plan_version_id and components.component = draws.component
    group by components.plan, components.component
    having bool_and(draws.is_recoverable and not draws.is_forgiven_at_year_end)
),

balances as (
    select
        payouts.participant_id,
        payouts.plan,
        payouts.component,
        sum(payouts.drawn - payouts.recovered) as drawn,
        arg_max(payouts.balance_owed, payouts.period) as balance_owed
    from {{ ref('payouts') }} as payouts
    inner join strict on payouts.plan = strict.plan and payouts.component = strict.component
    group by payouts.participant_id, payouts.plan, payouts.component
)

select * from balances
where drawn <> balance_owed
