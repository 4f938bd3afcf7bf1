-- One row per won deal whose commission has a time to be spread over: how many months, from which, until which.
-- The time is the company's given life, else the deal's own term. Up to the practical expedient it is not capitalised.
with

deals as (select * from {{ ref('stg_deals') }} where status = 'won'),

finance as (select * from {{ source('inputs', 'finance') }}),

timed as (
    select
        deals.deal_id,
        coalesce(finance.life_months, deals.term_months) as months,
        {{ month_number('coalesce(deals.contract_start_on, deals.won_on)') }} as first_month,
        {{ month_number('deals.cancelled_on') }} as cancelled_month,
        finance.expense_up_to_months
    from deals
    cross join finance
),

contracts as (
    select
        deal_id,
        months,
        first_month,
        first_month + months - 1 as end_month,
        cancelled_month,
        months > expense_up_to_months as is_capitalised
    from timed
    where months is not null
)

select * from contracts
