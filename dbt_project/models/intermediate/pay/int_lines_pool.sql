-- One row per participant, plan version, pool and period: the member's part of the pool. Parts are cut to the minor unit;
-- the units left over go one each, largest share first, then smallest participant id, so that they add up to the pool.
with

members as (select * from {{ ref('int_pool_members') }}),

pools as (select * from {{ ref('int_pools') }}),

joined as (
    select
        members.*,
        pools.pool,
        {{ minor_unit('pools.minor_units') }} as unit,
        cast(greatest(coalesce(members.measured, 0), 0) as decimal(24, 10)) as weight
    from members
    inner join pools
        on
            members.plan_version_id = pools.plan_version_id
            and members.component = pools.component
            and members.period = pools.period
            and members.group_id = pools.group_id
),

weighed as (
    select
        *,
        cast(sum(weight) over (partition by plan_version_id, component, period, group_id) as decimal(27, 10))
            as weights,
        row_number() over (
            partition by plan_version_id, component, period, group_id order by weight desc, participant_id asc
        ) as precedence
    from joined
),

cut as (
    select
        *,
        case
            when weights > 0
                then {{ weighted_part('pool', 'weight * 10000000000', 'weights * 10000000000', 'unit') }}
            else {{ money('0') }}
        end as cut_amount
    from weighed
),

left_over as (
    select
        *,
        {{ money('pool - sum(cut_amount) over (partition by plan_version_id, component, period, group_id)') }}
            as left_amount
    from cut
),

shared as (
    select
        *,
        -- Where nobody has a share, the pool lapses.
        case
            when weights > 0
                then {{ money("cut_amount + " ~ returned_part('left_amount', 'precedence', 'unit')) }}
            else {{ money('0') }}
        end as part
    from left_over
),

lines as (
    select
        {{ period_line() }}
        pool as basis_amount,
        cast(coalesce({{ ratio('weight', 'weights') }}, 0) as decimal(24, 10)) as rate,
        cast(measured as decimal(24, 10)) as measured,
        cast(part as decimal(38, 16)) as amount,
        case
            when measured is null then share_by || ' has no data: no share of the pool until it has'
            when weights = 0 then 'nobody has a share of the pool'
            else
                'pool × ' || share_by || ' ' || cast({{ published('measured') }} as varchar) || ' ÷ '
                || cast({{ published('weights') }} as varchar)
        end as why
    from shared
)

select * from lines
