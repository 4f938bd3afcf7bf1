-- One row per period, control and currency: two amounts that ought to agree, their difference, and what explains it.
-- The items behind the run's period are in reconciliation_lines.
with

movements as (select * from {{ ref('reconciled_movements') }} where is_sum),

run as (select * from {{ source('inputs', 'run') }}),

controls as (
    select * from (
        values
        ('won_invoiced', 'won deals', 'invoices less credit notes'),
        ('invoiced_collected', 'invoices less credit notes', 'payments less refunds'),
        ('won_credited', 'won deals', 'credits of owners and shares'),
        ('earned_paid', 'earnings of the period', 'payable in the period'),
        ('ledger_payroll', 'entries booked', 'payroll'),
        ('payroll_journal', 'payroll', 'accrued in the journal')
    ) as named (control, left_name, right_name)
),

by_reason as (
    select
        period,
        control,
        currency,
        reason,
        {{ money('sum(left_amount)') }} as left_amount,
        {{ money('sum(right_amount)') }} as right_amount,
        {{ money('sum(left_amount) - sum(right_amount)') }} as difference
    from movements
    group by period, control, currency, reason
),

summed as (
    select
        period,
        control,
        currency,
        {{ money('sum(left_amount)') }} as left_amount,
        {{ money('sum(right_amount)') }} as right_amount,
        {{ money('sum(difference)') }} as difference,
        {{ money("coalesce(sum(difference) filter (where reason in ('unexplained', 'not_booked')), 0)") }}
            as unexplained_amount,
        coalesce(
            string_agg(
                reason || ' ' || cast(cast(difference as decimal(24, 2)) as varchar), '; ' order by reason
            ) filter (where difference <> 0),
            ''
        ) as explained_by
    from by_reason
    group by period, control, currency
),

reconciliation as (
    select
        summed.period,
        summed.control,
        summed.currency,
        controls.left_name,
        summed.left_amount,
        controls.right_name,
        summed.right_amount,
        summed.difference,
        summed.explained_by,
        summed.unexplained_amount,
        run.run_id
    from summed
    inner join controls on summed.control = controls.control
    cross join run
)

select * from reconciliation
