-- payable = earned + adjustment − held + released − clawed_back + drawn − recovered; what is owed is never negative.
with

payouts as (select * from {{ ref('payouts') }})

select * from payouts
where
    payable <> earned + adjustment - held + released - clawed_back + drawn - recovered
    or least(clawed_back, drawn, recovered, balance_owed) < 0
