-- A window's months pay, one after the other, what the window has earned so far: nothing twice, nothing left out.
with

results as (select * from {{ ref('int_window_results') }}),

steps as (
    select
        window_id,
        month_starts_on,
        after_cap,
        sum(after_cap - before_amount) over (
            partition by window_id order by month_starts_on rows unbounded preceding
        ) as paid_so_far
    from results
)

select * from steps
where after_cap <> paid_so_far
