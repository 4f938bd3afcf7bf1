-- One row per participant, plan, component, origin month and limit: what the minimum or the cap adds or takes.
with

results as (select * from {{ ref('int_window_results') }}),

bonuses as (select * from {{ ref('int_bonuses') }} where is_last_month),

limited as (
    select participant_id, plan, component, month as origin_period, minimum_change, cap_change
    from results
    union all
    select
        participant_id,
        plan,
        component,
        origin_period,
        after_minimum - rated_amount as minimum_change,
        after_cap - after_minimum as cap_change
    from bonuses
),

summed as (
    select
        participant_id,
        plan,
        component,
        origin_period,
        sum(minimum_change) as minimum_change,
        sum(cap_change) as cap_change
    from limited
    group by participant_id, plan, component, origin_period
),

limit_lines as (
    select
        participant_id,
        plan,
        component,
        origin_period,
        'minimum' as transaction_type,
        minimum_change as amount,
        2 as sort_key,
        'raised to the minimum' as why
    from summed
    where minimum_change <> 0
    union all
    select
        participant_id,
        plan,
        component,
        origin_period,
        'cap' as transaction_type,
        cap_change as amount,
        3 as sort_key,
        'limited by the cap' as why
    from summed
    where cap_change <> 0
)

select * from limit_lines
