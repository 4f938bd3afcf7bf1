{{ config(meta=local_by(
    ['participant_id', 'plan', 'component', 'origin_period'],
    ['int_origin_amounts', 'int_clawback_entries']
)) }}
-- One row per earning or adjustment that closing the open periods would book: what the data say today minus what was
-- booked before, clawbacks apart. Differences of closed origin periods fall into the first open period; later ones find
-- nothing left to adjust.
with

amounts as (select * from {{ ref('int_origin_amounts') }}),

clawed_back as (
    select participant_id, plan, component, origin_period, sum(amount) as amount
    from {{ ref('int_clawback_entries') }}
    group by participant_id, plan, component, origin_period
),

entries as (
    select
        amounts.first_period as booked_period,
        amounts.origin_period,
        amounts.participant_id,
        amounts.plan,
        amounts.component,
        case when amounts.is_closed then 'adjustment' else 'earned' end as kind,
        '' as transaction_id,
        '' as reverses_period,
        amounts.computed_amount,
        amounts.booked_amount,
        {{ money('amounts.computed_amount - amounts.booked_amount - coalesce(clawed_back.amount, 0)') }} as amount,
        amounts.currency
    from amounts
    left join clawed_back
        on
            amounts.participant_id = clawed_back.participant_id
            and amounts.plan = clawed_back.plan
            and amounts.component = clawed_back.component
            and amounts.origin_period = clawed_back.origin_period
)

select * from entries
where amount <> 0
