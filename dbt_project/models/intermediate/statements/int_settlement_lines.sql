{{ config(meta=local_by(
    ['participant_id', 'period'],
    ['int_open_payouts'],
    {
        'int_open_entries': ['participant_id', 'booked_period']
    }
)) }}
-- One row per line of a statement that settles: adjustments and clawbacks of closed periods, what is held and released,
-- draws, and the total.
with

entries as (
    select * from {{ ref('int_open_entries') }}
    where kind not in ('earned', 'deduction') and (kind <> 'clawback' or origin_period <> booked_period)
),

payouts as (select * from {{ ref('int_open_payouts') }}),

names as (select * from {{ ref('int_component_names') }}),

versions as (select * from {{ ref('int_plan_versions') }}),

pay_terms as (select * from {{ source('inputs', 'pay_terms') }}),

-- What an amount waits for is what the version in force in its origin month says, not the newest one.
terms as (
    select
        versions.plan,
        pay_terms.component,
        strftime(versions.in_force_from, '%Y-%m') as first_month,
        strftime(versions.in_force_to, '%Y-%m') as last_month,
        pay_terms.pay_when
    from versions
    inner join pay_terms on versions.plan_version_id = pay_terms.plan_version_id
),

worded as (
    select
        entries.*,
        case
            when entries.kind in ('adjustment', 'clawback') then '4 adjustments'
            when entries.kind in ('hold', 'release') then '5 timing'
            else '6 draws'
        end as section,
        case entries.kind
            when 'adjustment' then '更正'
            when 'clawback' then '追回'
            when 'hold' then '待发'
            when 'release' then '发放'
            when 'draw' then '预支'
            else '扣还预支'
        end as word_zh,
        case entries.kind
            when 'adjustment' then 'correction'
            when 'clawback' then 'clawback'
            when 'hold' then 'held'
            when 'release' then 'released'
            when 'draw' then 'drawn'
            else 'recovered'
        end as word_en,
        entries.kind = 'hold' and entries.amount < 0 as is_waiting,
        case terms.pay_when
            when 'collected' then '等待回款 / waits for cash'
            when 'invoiced' then '等待开票 / waits for invoices'
            else '扣留，到期发放 / held back until it is due'
        end as because
    from entries
    left join terms
        on
            entries.plan = terms.plan
            and entries.component = terms.component
            and entries.origin_period between terms.first_month and terms.last_month
),

settlement_lines as (
    select
        worded.participant_id,
        worded.booked_period as period,
        worded.section,
        worded.plan || '/' || worded.component || '/' || worded.origin_period || worded.kind || worded.transaction_id
            as sort_key,
        coalesce(names.name_zh, worded.component) || '（' || worded.origin_period || ' ' || worded.word_zh || '）'
            as label_zh,
        coalesce(names.name_en, worded.component) || ' (' || worded.word_en || ' of ' || worded.origin_period || ')'
            as label_en,
        case
            when worded.section = '4 adjustments'
                then cast(worded.computed_amount as varchar) || ' − ' || cast(worded.booked_amount as varchar)
            else cast(worded.amount as varchar)
        end as formula,
        {{ money('null') }} as basis,
        {{ published('null') }} as rate,
        worded.amount,
        worded.plan || '/' || worded.component || ' ' || worded.origin_period
        || case when worded.transaction_id = '' then '' else ' deal ' || worded.transaction_id end as source_ref,
        case when worded.is_waiting then 'held' else 'payable' end as status,
        case when worded.is_waiting then worded.because else '' end as not_payable_because,
        worded.plan,
        worded.component,
        worded.currency
    from worded
    left join names on worded.plan = names.plan and worded.component = names.component
    union all
    select
        payouts.participant_id,
        payouts.period,
        '7 total' as section,
        payouts.currency as sort_key,
        '应付合计' as label_zh,
        'Total payable' as label_en,
        'Σ' as formula,
        {{ money('null') }} as basis,
        {{ published('null') }} as rate,
        {{ money('sum(payouts.payable)') }} as amount,
        payouts.currency as source_ref,
        case when bool_and(payouts.status = 'provisional') then 'provisional' else 'payable' end as status,
        case
            when bool_or(payouts.status = 'provisional')
                then '奖金在其期间的最后一个月发放 / a bonus pays in the last month of its period'
            else ''
        end as not_payable_because,
        cast(null as varchar) as plan,
        cast(null as varchar) as component,
        payouts.currency
    from payouts
    group by payouts.participant_id, payouts.period, payouts.currency
)

select * from settlement_lines
