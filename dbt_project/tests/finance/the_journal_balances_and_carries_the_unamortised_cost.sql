-- Every posting of the journal balances, and deferred commissions stand at what is left to amortise.
with

postings as (
    select
        period,
        currency,
        posting,
        sum(debit) as left_amount,
        sum(credit) as right_amount
    from {{ ref('journal') }}
    group by period, currency, posting
),

run as (select * from {{ source('inputs', 'run') }}),

asset as (
    select
        journal.currency,
        sum(journal.debit - journal.credit) as balance
    from {{ ref('journal') }} as journal
    inner join run on journal.period <= run.period
    where journal.account_role = 'deferred_commissions'
    group by journal.currency
),

remaining as (
    select
        amortisation.currency,
        sum(amortisation.remaining) as remaining
    from {{ ref('amortisation') }} as amortisation
    inner join run on amortisation.period = run.period
    group by amortisation.currency
)

select * from postings
where left_amount <> right_amount
union all
select
    run.period,
    coalesce(asset.currency, remaining.currency) as currency,
    'deferred_commissions' as posting,
    coalesce(asset.balance, 0) as left_amount,
    coalesce(remaining.remaining, 0) as right_amount
from asset
full outer join remaining on asset.currency = remaining.currency
cross join run
where coalesce(asset.balance, 0) <> coalesce(remaining.remaining, 0)
