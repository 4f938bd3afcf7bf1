-- One row per account.
with

accounts as (select * from {{ ref('stg_accounts') }}),

run as (select run_id from {{ source('inputs', 'run') }}),

dim_account as (
    select
        accounts.account_id,
        coalesce(accounts.name, accounts.account_id) as name,
        accounts.segment,
        accounts.industry,
        accounts.region,
        accounts.owner_id,
        accounts.created_on,
        accounts.parent_account_id,
        run.run_id
    from accounts
    cross join run
)

select * from dim_account
