-- One row per scope member, additive KPI, month and target revision: the row that rules the month (months win over
-- quarters, quarters over years) and the service that counts, weighed as the company spreads its targets over the months.
with

revisions as (select * from {{ ref('int_target_revisions') }} where is_additive),

months as (select * from {{ source('inputs', 'calendar_months') }}),

period_months as (select * from {{ source('inputs', 'calendar_period_months') }}),

service as (select * from {{ ref('int_service_months') }}),

-- A span of which the company asks nothing in any month is spread evenly.
spans as (
    select
        period_months.period,
        cast(coalesce(nullif(sum(months.target_weight), 0), count(*)) as bigint) as source_weight,
        sum(months.target_weight) = 0 as is_even
    from period_months
    inner join months on period_months.month = months.month
    group by period_months.period
),

covered as (
    select
        revisions.*,
        months.month,
        months.starts_on as month_starts_on,
        months.quarter,
        months.year,
        case when spans.is_even then 1 else months.target_weight end as target_weight,
        spans.source_weight
    from revisions
    inner join period_months on revisions.source_period = period_months.period
    inner join months on period_months.month = months.month
    inner join spans on revisions.source_period = spans.period
),

-- Only whose target is also given for longer spans can have one row overruled by another.
given_for_longer as (select distinct scope, scope_id, kpi from revisions where source_months > 1),

-- A coarser row rules a month until a finer one is known.
overruled as (
    select
        covered.*,
        min(covered.known_from) over (
            partition by covered.scope, covered.scope_id, covered.kpi, covered.month
            order by covered.source_months
            range between unbounded preceding and 1 preceding
        ) as overruled_from
    from covered
    inner join given_for_longer
        on
            covered.scope = given_for_longer.scope
            and covered.scope_id = given_for_longer.scope_id
            and covered.kpi = given_for_longer.kpi
),

finest as (
    select
        * exclude (known_to, overruled_from),
        least(known_to, coalesce(overruled_from - 1, known_to)) as known_to
    from overruled
    where known_from < coalesce(overruled_from, date '9999-12-31')
    union all
    select covered.* exclude (known_to), covered.known_to
    from covered
    left join given_for_longer
        on
            covered.scope = given_for_longer.scope
            and covered.scope_id = given_for_longer.scope_id
            and covered.kpi = given_for_longer.kpi
    where given_for_longer.scope_id is null
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

weighed as (
    select * replace (cast(service_units * target_weight as bigint) as service_units)
    from served
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
    from weighed
    where source_months > 1
    union all
    select *, cast(service_units as bigint) as service_units_so_far
    from weighed
    where source_months = 1
)

select * from cumulative
