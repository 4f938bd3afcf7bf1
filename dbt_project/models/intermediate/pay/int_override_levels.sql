-- One row per credited participant, span of days, component paid on and manager whose override pays for it on those days,
-- by the plan in force for the manager. Within a span nothing changes on any level; position counts the levels paid.
with

overrides as (
    select overrides.*, components.slice
    from {{ source('inputs', 'overrides') }} as overrides
    inner join {{ source('inputs', 'components') }} as components
        on overrides.plan_version_id = components.plan_version_id and overrides.component = components.component
),

levels as (select * from {{ source('inputs', 'override_levels') }}),

bases as (select * from {{ source('inputs', 'override_bases') }}),

chains as (
    select * from {{ ref('int_manager_chains') }}
    where exists (select 1 from overrides)
),

ranges as (select * from {{ ref('int_participant_ranges') }} where plan_version_id is not null),

-- The plan in force for the manager decides, day by day.
managed as (
    select
        chains.participant_id,
        chains.level,
        chains.manager_id,
        ranges.plan_version_id,
        ranges.plan,
        greatest(chains.starts_on, ranges.starts_on) as starts_on,
        least(chains.ends_on, ranges.ends_on) as ends_on
    from chains
    inner join ranges
        on
            chains.manager_id = ranges.participant_id
            and chains.starts_on <= ranges.ends_on
            and chains.ends_on >= ranges.starts_on
),

paid as (
    select
        managed.participant_id,
        managed.level,
        managed.manager_id,
        managed.plan_version_id,
        managed.plan,
        managed.starts_on,
        managed.ends_on,
        overrides.component,
        overrides.slice,
        overrides.base,
        overrides.subtract_lower,
        bases.of_plan,
        bases.of_component,
        levels.rate
    from managed
    inner join levels on managed.plan_version_id = levels.plan_version_id and managed.level = levels.level
    inner join overrides
        on levels.plan_version_id = overrides.plan_version_id and levels.component = overrides.component
    inner join bases
        on levels.plan_version_id = bases.plan_version_id and levels.component = bases.component
),

boundaries as (
    select participant_id, component, of_plan, of_component, starts_on from paid
    union
    select participant_id, component, of_plan, of_component, ends_on + 1 as starts_on
    from paid
    where ends_on < date '9999-12-31'
),

spans as (
    select
        *,
        coalesce(
            lead(starts_on) over (
                partition by participant_id, component, of_plan, of_component order by starts_on
            ) - 1,
            date '9999-12-31'
        ) as ends_on
    from boundaries
),

override_levels as (
    select
        paid.* exclude (starts_on, ends_on),
        spans.starts_on,
        spans.ends_on,
        row_number() over (
            partition by
                paid.participant_id, paid.component, paid.of_plan, paid.of_component, spans.starts_on
            order by paid.level
        ) as position
    from paid
    inner join spans
        on
            paid.participant_id = spans.participant_id
            and paid.component = spans.component
            and paid.of_plan = spans.of_plan
            and paid.of_component = spans.of_component
            and spans.starts_on between paid.starts_on and paid.ends_on
)

select * from override_levels
