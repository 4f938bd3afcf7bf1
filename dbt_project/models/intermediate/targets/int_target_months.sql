-- One row per scope member, additive KPI, month and target revision: the row that rules the month (months win over
-- quarters, quarters over years) and the service that counts.
with

revisions as (select * from {{ ref('int_target_revisions') }} where is_additive),

months as (select * from {{ source('inputs', 'calendar_months') }}),

service as (select * from {{ ref('int_service_months') }}),

covered as (
    select revisions.*, months.month, months.starts_on as month_starts_on, months.quarter, months.year
    from revisions
    inner join months on revisions.source_period in (months.month, months.quarter, months.year)
),

-- A coarser row rules a month until a finer one is known.
overruled as (
    select
        *,
        min(known_from) over (
            partition by scope, scope_id, kpi, month
            order by source_months
            range between unbounded preceding and 1 preceding
        ) as overruled_from
    from covered
),

finest as (
    select
        * exclude (known_to, overruled_from),
        least(known_to, coalesce(overruled_from - 1, known_to)) as known_to
    from overruled
    where known_from < coalesce(overruled_from, date '9999-12-31')
),

participant_months as (
    select participant_id, month, least(sum(service_units), 95527740) as service_units
    from service
    group by participant_id, month
),

served as (
    select
        finest.scope,
        finest.scope_id,
        finest.* exclude (scope, scope_id),
        participant_months.service_units
    from finest
    inner join participant_months
        on finest.scope_id = participant_months.participant_id and finest.month = participant_months.month
    where finest.scope = 'participant'
    union all
    select
        'segment' as scope,
        service.participant_id || '|' || service.plan_version_id as scope_id,
        finest.* exclude (scope, scope_id),
        service.service_units
    from finest
    inner join service
        on finest.scope_id = service.participant_id and finest.month = service.month
    where finest.scope = 'participant' and service.plan_version_id is not null
    union all
    select
        scope,
        scope_id,
        finest.* exclude (scope, scope_id),
        95527740 as service_units
    from finest
    where scope <> 'participant'
),

cumulative as (
    select
        *,
        cast(
            sum(service_units) over (
                partition by scope, scope_id, kpi, source_period, revision
                order by month_starts_on
                rows unbounded preceding
            ) as bigint
        ) as service_units_so_far
    from served
)

select * from cumulative
