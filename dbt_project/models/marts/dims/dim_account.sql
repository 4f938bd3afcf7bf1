-- One row per account.
with

accounts as (select * from {{ ref('stg_accounts') }}),

dim_account as (
    select account_id, coalesce(name, account_id) as name, segment, industry, region, owner_id, created_on, parent_account_id
    from accounts
)

select * from dim_account
