-- One row per line of a statement that honours: awards carry points, no money.
with

awards as (select * from {{ ref('int_awards') }}),

award_lines as (
    select
        participant_id,
        origin_period as period,
        '8 awards' as section,
        plan || '/' || component as sort_key,
        title_zh as label_zh,
        title_en as label_en,
        why as formula,
        {{ money('points') }} as basis,
        {{ published('null') }} as rate,
        {{ money('null') }} as amount,
        plan || '/' || component || ' ' || period as source_ref,
        status,
        '' as not_payable_because,
        plan,
        component,
        cast(null as varchar) as currency
    from awards
)

select * from award_lines
