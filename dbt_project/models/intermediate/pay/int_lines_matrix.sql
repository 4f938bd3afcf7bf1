-- One row per participant, plan version, matrix and period: target pay × the payout of the cell its two KPIs fall into.
-- Below the first row or column nothing is paid; the last row and column are open-ended.
with

component_periods as (select * from {{ ref('int_component_periods') }} where type = 'matrix'),

row_kpis as (select * from {{ ref('int_component_kpis') }} where use = 'rows'),

column_kpis as (select * from {{ ref('int_component_kpis') }} where use = 'columns'),

matrices as (select * from {{ source('inputs', 'matrices') }}),

cells as (select * from {{ source('inputs', 'matrix_cells') }}),

measured as (
    select
        component_periods.*,
        matrices.lookup,
        row_kpis.measured as row_value,
        column_kpis.measured as column_value
    from component_periods
    inner join matrices
        on
            component_periods.plan_version_id = matrices.plan_version_id
            and component_periods.component = matrices.component
    left join row_kpis
        on
            component_periods.participant_id = row_kpis.participant_id
            and component_periods.plan_version_id = row_kpis.plan_version_id
            and component_periods.component = row_kpis.component
            and component_periods.period = row_kpis.period
    left join column_kpis
        on
            component_periods.participant_id = column_kpis.participant_id
            and component_periods.plan_version_id = column_kpis.plan_version_id
            and component_periods.component = column_kpis.component
            and component_periods.period = column_kpis.period
),

looked_up as (
    select
        measured.*,
        cells.payout,
        cells.next_row_payout,
        cells.next_column_payout,
        cells.next_both_payout,
        -- How far the values lie into the cell, and the width of the cell; the last row and column have no width.
        case when cells.row_to is null then 0 else {{ whole('measured.row_value - cells.row_from') }} end as row_steps,
        case when cells.row_to is null then 1 else {{ whole('cells.row_to - cells.row_from') }} end as row_width,
        case when cells.column_to is null then 0 else {{ whole('measured.column_value - cells.column_from') }} end
            as column_steps,
        case when cells.column_to is null then 1 else {{ whole('cells.column_to - cells.column_from') }} end
            as column_width
    from measured
    left join cells
        on
            measured.plan_version_id = cells.plan_version_id
            and measured.component = cells.component
            and measured.row_value >= cells.row_from
            and (measured.row_value < cells.row_to or cells.row_to is null)
            and measured.column_value >= cells.column_from
            and (measured.column_value < cells.column_to or cells.column_to is null)
),

-- Reduced to lowest terms, the shares of the cell are exact and small enough to be multiplied.
reduced as (
    select
        *,
        row_steps // greatest(gcd(row_steps, row_width), 1) as row_part,
        row_width // greatest(gcd(row_steps, row_width), 1) as row_whole,
        column_steps // greatest(gcd(column_steps, column_width), 1) as column_part,
        column_width // greatest(gcd(column_steps, column_width), 1) as column_whole
    from looked_up
),

factored as (
    select
        *,
        case
            when row_value is null or column_value is null then null
            when payout is null then cast(0 as decimal(18, 10))
            when lookup = 'floor' then cast(payout as decimal(18, 10))
            else
                cast(
                    cast({{ divide_half_up(
                        whole('payout') ~ " * (row_whole - row_part) * (column_whole - column_part) + "
                        ~ whole('next_row_payout') ~ " * row_part * (column_whole - column_part) + "
                        ~ whole('next_column_payout') ~ " * (row_whole - row_part) * column_part + "
                        ~ whole('next_both_payout') ~ " * row_part * column_part",
                        "(row_whole * column_whole)"
                    ) }} as decimal(18, 0)) * cast(0.0000000001 as decimal(11, 10)) as decimal(18, 10)
                )
        end as factor
    from reduced
),

lines as (
    select
        {{ period_line() }}
        target_pay as basis_amount,
        cast(factor as decimal(24, 10)) as rate,
        case when row_value is not null and column_value is not null then least(row_value, column_value) end
            as measured,
        cast(coalesce({{ times('target_pay', 'factor') }}, 0) as decimal(38, 16)) as amount,
        case
            when factor is null then 'a KPI of the matrix has no data: nothing is paid until it has'
            else
                'target pay × payout at row ' || cast({{ published('row_value') }} as varchar)
                || ', column ' || cast({{ published('column_value') }} as varchar)
        end as why
    from factored
)

select * from lines
