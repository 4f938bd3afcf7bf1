{{ config(materialized='view') }}
-- One row per line of a statement that shows what was earned: every earning down to its deal, what clawbacks and
-- deductions take, and whether it is payable yet; with its place among them.
with

-- Numbered before there are texts to carry.
lines as (
    select
        *,
        row_number() over (
            partition by participant_id, origin_period
            order by
                plan, component, sort_key, credited_on nulls first, transaction_id, line, slice, transaction_type
        ) as place
    from {{ ref('int_shown_earnings') }}
),

reasons as (select * from {{ ref('int_waiting_reasons') }}),

unscored as (select * from {{ ref('int_unscored_pay') }}),

names as (select * from {{ ref('int_component_names') }}),

pay_lines as (
    select
        lines.participant_id,
        lines.origin_period as period,
        '3 pay' as section,
        lines.place,
        names.name_zh || case lines.transaction_type
            when 'multiplier' then '（系数）'
            when 'gate' then '（门槛）'
            when 'minimum' then '（保底）'
            when 'cap' then '（封顶）'
            when 'clawback' then '（追回）'
            when 'rounding' then '（尾差）'
            else ''
        end as label_zh,
        names.name_en || case lines.transaction_type
            when 'multiplier' then ' (multiplier)'
            when 'gate' then ' (gate)'
            when 'minimum' then ' (minimum)'
            when 'cap' then ' (cap)'
            when 'clawback' then ' (clawback)'
            when 'rounding' then ' (rounding)'
            else ''
        end as label_en,
        case
            when lines.rate is null then cast({{ published('lines.amount') }} as varchar)
            else
                -- A deduction takes a share.
                case when lines.origin = 'deduction' then '-' else '' end
                || {{ amount_text(money('lines.basis_amount')) }} || ' × '
                -- A factor of more than six places is written out: the product must come out.
                || case
                    when {{ quickly_published('lines.rate') }} = lines.rate
                        then {{ amount_text(quickly_published('lines.rate')) }}
                    else cast(lines.rate as varchar)
                end
        end as formula,
        {{ money('lines.basis_amount') }} as basis,
        {{ quickly_published('lines.rate') }} as rate,
        {{ published('lines.amount') }} as amount,
        case
            when lines.transaction_id = '' then lines.plan || '/' || lines.component
            else lines.transaction_type || ' ' || lines.transaction_id || '/' || lines.line
        end as source_ref,
        case
            when unscored.component is not null then 'held'
            else coalesce(reasons.status, 'payable')
        end as status,
        coalesce(unscored.because, reasons.because, '') as not_payable_because,
        lines.plan,
        lines.component,
        lines.currency
    from lines
    inner join names on lines.plan = names.plan and lines.component = names.component
    left join reasons
        on
            lines.participant_id = reasons.participant_id
            and lines.plan_version_id = reasons.plan_version_id
            and lines.component = reasons.component
            and lines.origin_period = reasons.origin_period
            and case
                when lines.origin = 'earning' and lines.transaction_type <> 'rounding'
                    -- What a single transaction's limits make of it waits with its deal.
                    then coalesce({{ deal_of_line('lines') }}, regexp_extract(lines.line, '^deal (.*)$', 1))
            end = reasons.deal_id
    left join unscored
        on
            case when lines.transaction_type = 'period' then lines.participant_id end = unscored.participant_id
            and lines.plan_version_id = unscored.plan_version_id
            and lines.component = unscored.component
            and lines.origin_period = unscored.origin_period
)

select * from pay_lines
