{{ config(materialized='view') }}
-- One row per line of a statement that carries money: every earning down to its deal, adjustments, the total.
with

earning_lines as (select * from {{ ref('int_earning_lines') }}),

entries as (select * from {{ ref('int_open_entries') }}),

payouts as (select * from {{ ref('int_open_payouts') }}),

components as (select * from {{ source('inputs', 'components') }}),

names as (
    select
        plan,
        component,
        arg_max(name_zh, plan_version_id) as name_zh,
        arg_max(name_en, plan_version_id) as name_en
    from components
    group by plan, component
),

pay_lines as (
    select
        earning_lines.participant_id,
        earning_lines.origin_period as period,
        '3 pay' as section,
        earning_lines.plan || '/' || earning_lines.component || '/' || cast(earning_lines.sort_key as varchar)
        || coalesce(cast(earning_lines.credited_on as varchar), '') || earning_lines.transaction_id || '/'
        || earning_lines.line || '/' || lpad(cast(earning_lines.slice as varchar), 4, '0') as sort_key,
        names.name_zh || case earning_lines.transaction_type
            when 'minimum' then '（保底）'
            when 'cap' then '（封顶）'
            when 'rounding' then '（尾差）'
            else ''
        end as label_zh,
        names.name_en || case earning_lines.transaction_type
            when 'minimum' then ' (minimum)'
            when 'cap' then ' (cap)'
            when 'rounding' then ' (rounding)'
            else ''
        end as label_en,
        case
            when earning_lines.rate is null then cast({{ published('earning_lines.amount') }} as varchar)
            else
                {{ amount_text(money('earning_lines.basis_amount')) }} || ' × '
                || {{ amount_text(quickly_published('earning_lines.rate')) }}
        end as formula,
        {{ money('earning_lines.basis_amount') }} as basis,
        {{ quickly_published('earning_lines.rate') }} as rate,
        {{ published('earning_lines.amount') }} as amount,
        case
            when earning_lines.transaction_id = '' then earning_lines.plan || '/' || earning_lines.component
            else earning_lines.transaction_type || ' ' || earning_lines.transaction_id || '/' || earning_lines.line
        end as source_ref,
        'payable' as status,
        '' as not_payable_because
    from earning_lines
    inner join names on earning_lines.plan = names.plan and earning_lines.component = names.component
    union all
    select
        entries.participant_id,
        entries.booked_period as period,
        '4 adjustments' as section,
        entries.plan || '/' || entries.component || '/' || entries.origin_period as sort_key,
        coalesce(names.name_zh, entries.component) || '（' || entries.origin_period || ' 更正）' as label_zh,
        coalesce(names.name_en, entries.component) || ' (correction of ' || entries.origin_period || ')' as label_en,
        cast(entries.computed_amount as varchar) || ' − ' || cast(entries.booked_amount as varchar) as formula,
        {{ money('null') }} as basis,
        {{ published('null') }} as rate,
        entries.amount,
        entries.plan || '/' || entries.component || ' ' || entries.origin_period as source_ref,
        'payable' as status,
        '' as not_payable_because
    from entries
    left join names on entries.plan = names.plan and entries.component = names.component
    where entries.kind = 'adjustment'
    union all
    select
        payouts.participant_id,
        payouts.period,
        '5 total' as section,
        payouts.currency as sort_key,
        '应付合计' as label_zh,
        'Total payable' as label_en,
        'Σ' as formula,
        {{ money('null') }} as basis,
        {{ published('null') }} as rate,
        {{ money('sum(payouts.earned + payouts.adjustment)') }} as amount,
        payouts.currency as source_ref,
        case when bool_and(payouts.status = 'provisional') then 'provisional' else 'payable' end as status,
        case
            when bool_or(payouts.status = 'provisional')
                then '奖金在其期间的最后一个月发放 / a bonus pays in the last month of its period'
            else ''
        end as not_payable_because
    from payouts
    group by payouts.participant_id, payouts.period, payouts.currency
)

select * from pay_lines
