-- One row per control, reason and item that leaves a difference in the run's period: together they are the difference.
with

movements as (select * from {{ ref('reconciled_movements') }} where is_item),

run as (select * from {{ source('inputs', 'run') }}),

summed as (
    select
        movements.period,
        movements.control,
        movements.currency,
        movements.reason,
        coalesce(movements.item_id, '') as item_id,
        {{ money('sum(movements.left_amount)') }} as left_amount,
        {{ money('sum(movements.right_amount)') }} as right_amount
    from movements
    inner join run on movements.period = run.period
    group by movements.period, movements.control, movements.currency, movements.reason, coalesce(movements.item_id, '')
),

reconciliation_lines as (
    select
        summed.period,
        summed.control,
        summed.currency,
        summed.reason,
        summed.item_id,
        summed.left_amount,
        summed.right_amount,
        {{ money('summed.left_amount - summed.right_amount') }} as difference,
        run.run_id
    from summed
    cross join run
    where summed.left_amount <> summed.right_amount
)

select * from reconciliation_lines
