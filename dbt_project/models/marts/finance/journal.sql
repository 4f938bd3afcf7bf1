-- One row per period, currency, plan, component, posting and account: the entries finance posts, each posting balanced.
-- earned: Dr commission expense, Cr accrued commissions. deferred: Dr deferred commissions, Cr expense, for what is
-- capitalised. amortised: Dr expense, Cr deferred commissions. Amounts below 0 stand on the other side.
with

entries as (select * from {{ ref('int_open_entries') }}),

amortisation as (select * from {{ ref('amortisation') }}),

booked as (select * from {{ source('booked', 'journal') }}),

accounts as (select * from {{ source('inputs', 'accounts') }}),

open_period as (select * from {{ ref('int_open_period') }}),

run as (select * from {{ source('inputs', 'run') }}),

earned as (
    select
        booked_period as period,
        currency,
        plan,
        component,
        {{ money('sum(amount)') }} as amount
    from entries
    where kind in {{ computed_kinds() }}
    group by booked_period, currency, plan, component
),

-- What is not capitalised is charged where it is added: it never was an asset.
spread as (
    select
        amortisation.period,
        amortisation.currency,
        amortisation.plan,
        amortisation.component,
        {{ money('sum(case when amortisation.is_capitalised then amortisation.added else 0 end)') }} as deferred_amount,
        {{ money(
            'sum(amortisation.amortised - case when amortisation.is_capitalised then 0 else amortisation.added end)'
        ) }} as amortised_amount
    from amortisation
    cross join open_period
    cross join run
    where amortisation.period between open_period.open_period and run.period
    group by amortisation.period, amortisation.currency, amortisation.plan, amortisation.component
),

postings as (
    select 'earned' as posting, 'commission_expense' as debit_role, 'accrued_commissions' as credit_role, earned.*
    from earned
    union all
    select
        'deferred' as posting, 'deferred_commissions' as debit_role, 'commission_expense' as credit_role,
        period, currency, plan, component, deferred_amount as amount
    from spread
    union all
    select
        'amortised' as posting, 'commission_expense' as debit_role, 'deferred_commissions' as credit_role,
        period, currency, plan, component, amortised_amount as amount
    from spread
),

sides as (
    select *, debit_role as account_role, amount as debit_amount from postings
    union all
    select *, credit_role as account_role, -amount as debit_amount from postings
),

combined as (
    select
        sides.period,
        sides.currency,
        sides.plan,
        sides.component,
        sides.posting,
        sides.account_role,
        accounts.account,
        greatest(sides.debit_amount, 0) as debit,
        greatest(-sides.debit_amount, 0) as credit,
        'open' as status
    from sides
    inner join accounts on sides.account_role = accounts.account_role
    where sides.debit_amount <> 0
    union all
    select
        period, currency, plan, component, posting, account_role, account, debit, credit, 'closed' as status
    from booked
),

journal as (
    select
        combined.period,
        combined.currency,
        combined.plan,
        combined.component,
        combined.posting,
        combined.account_role,
        combined.account,
        {{ money('combined.debit') }} as debit,
        {{ money('combined.credit') }} as credit,
        combined.status,
        run.run_id
    from combined
    cross join run
)

select * from journal
