-- One row per participant, period, plan version and measure: points on the curve and the weight applied.
with

measured as (select * from {{ ref('int_measure_values') }}),

curves as (select * from {{ source('inputs', 'curves') }}),

segments as (select * from {{ source('inputs', 'curve_segments') }}),

pointed as (
    select
        measured.*,
        case
            when measured.is_at_cap then curves.cap
            else {{ on_curve('measured.attainment') }}
        end as curve_points
    from measured
    inner join curves on measured.curve_id = curves.curve_id
    left join segments
        on measured.curve_id = segments.curve_id and {{ in_segment('measured.attainment') }}
),

judged as (
    select
        *,
        curve_points is null as is_missing,
        sum(case when curve_points is not null then plan_weight else 0 end)
            over (partition by participant_id, plan_version_id, period) as weight_with_data
    from pointed
),

weighted as (
    select
        *,
        case
            when missing <> 'redistribute' or weight_with_data = 0 then plan_weight
            when is_missing then cast(0 as decimal(18, 10))
            else {{ ratio('plan_weight', 'weight_with_data') }}
        end as weight,
        case when is_missing and missing = 'zero' then cast(0 as decimal(18, 10)) else curve_points end as points
    from judged
),

score_lines as (
    select
        *,
        cast(
            case
                when points is null and missing = 'redistribute' and weight_with_data > 0 then 0
                else cast(weight as decimal(13, 10)) * points
            end as decimal(18, 10)
        ) as weighted_points,
        case
            when value is null then 'no data'
            when target is null then 'no target'
            when is_missing then 'target is 0'
            else ''
        end as note
    from weighted
)

select * from score_lines
