{{ config(schema="settlement", contract={"enforced": false}, materialized="view") }}
-- One row per amount on a side of a control, with its item and the reason that explains what the other side lacks.
-- Sales are compared in the company's currency, pay in the plan's. Sales and credits come twice, because they are many:
-- as sums of every month without an item (is_sum), and item by item for the run's month (is_item); all else is both.
with

run as (select * from {{ source('inputs', 'run') }}),

sales as (select * from {{ ref('reconciled_sales') }}),

entries as (
    select booked_period, origin_period, participant_id, plan, component, kind, amount, currency
    from {{ source('booked', 'ledger_entries') }}
    union all
    select booked_period, origin_period, participant_id, plan, component, kind, amount, currency
    from {{ ref('int_open_entries') }}
),

labelled as (
    select
        *,
        participant_id || ' ' || plan || '/' || component as item_id,
        kind in {{ computed_kinds() }} as is_computed,
        case when kind in ('draw', 'recovery') then 'draw' else 'held' end as settling_reason
    from entries
),

computed as (
    select
        origin_period, plan, component, participant_id || ' ' || plan || '/' || component as item_id, currency,
        amount as left_amount, 0 as right_amount
    from {{ ref('earnings') }}
    union all
    select origin_period, plan, component, item_id, currency, 0 as left_amount, amount as right_amount
    from labelled
    where is_computed
),

frozen as (
    select distinct plan, component from {{ source('inputs', 'components') }} where is_frozen_after_close
),

-- Why something computed is in no entry. A run of a month before the open one has no entries of the open one.
open_period as (
    select
        open_period.open_period,
        strftime(open_period.adjusts_from, '%Y-%m') as adjusts_from,
        case when run.period < open_period.open_period then 'next_close' else 'not_booked' end as unbooked_reason
    from {{ ref('int_open_period') }} as open_period
    cross join run
),

payroll as (select * from {{ ref('payroll') }}),

journal as (select * from {{ ref('journal') }} where account_role = 'accrued_commissions'),

pay as (
    -- What is computed for a month and in no entry: no longer adjusted, or not yet.
    select
        'earned_paid' as control, computed.origin_period as period, computed.currency, computed.item_id,
        case
            when computed.origin_period < open_period.adjusts_from then 'retro_window'
            when frozen.component is not null and computed.origin_period < open_period.open_period then 'frozen'
            else open_period.unbooked_reason
        end as reason,
        computed.left_amount, computed.right_amount
    from computed
    cross join open_period
    left join frozen on computed.plan = frozen.plan and computed.component = frozen.component
    union all
    select
        'earned_paid' as control, origin_period as period, currency, item_id, 'adjusted_later' as reason,
        0 as left_amount, -amount as right_amount
    from labelled
    where is_computed and origin_period <> booked_period
    union all
    select
        'earned_paid' as control, booked_period as period, currency, item_id, 'adjustment' as reason,
        0 as left_amount, amount as right_amount
    from labelled
    where is_computed and origin_period <> booked_period
    union all
    select
        'earned_paid' as control, booked_period as period, currency, item_id, settling_reason as reason,
        0 as left_amount, amount as right_amount
    from labelled
    where not is_computed
    union all
    select
        'ledger_payroll' as control, booked_period as period, currency, participant_id as item_id,
        'unexplained' as reason, amount as left_amount, 0 as right_amount
    from labelled
    union all
    select
        'ledger_payroll' as control, period, currency, participant_id as item_id, 'unexplained' as reason,
        0 as left_amount, payable as right_amount
    from payroll
    union all
    select
        'payroll_journal' as control, period, currency, '' as item_id, 'unexplained' as reason,
        payable as left_amount, 0 as right_amount
    from payroll
    union all
    select
        'payroll_journal' as control, period, currency, '' as item_id, 'unexplained' as reason, 0 as left_amount,
        credit - debit as right_amount
    from journal
    union all
    select
        'payroll_journal' as control, booked_period as period, currency, '' as item_id, 'unexplained' as reason,
        -amount as left_amount, 0 as right_amount
    from labelled
    where not is_computed
    union all
    select
        'payroll_journal' as control, booked_period as period, currency, item_id, settling_reason as reason,
        amount as left_amount, 0 as right_amount
    from labelled
    where not is_computed
),

movements as (
    select
        sales.control, sales.period, run.currency, sales.item_id, sales.reason, sales.left_amount, sales.right_amount,
        sales.is_sum, sales.is_item
    from sales
    cross join run
    union all
    select
        control, period, currency, item_id, reason, left_amount, right_amount, true as is_sum,
        true as is_item
    from pay
),

reconciled_movements as (
    select movements.* from movements
    inner join run on movements.period <= run.period
)

select * from reconciled_movements
