{{ config(materialized="view") }}
-- One row per credit and component that counts it, with the rate to the plan's currency and the share at which it
-- counts. A component counts what its credit block says: what its participant owns (split, or whole without splits), is
-- named on as overlay, or what rolls up from the people below.
{% set described = [
    'transaction_type', 'transaction_id', 'line', 'participant_id', 'plan_version_id', 'credited_on', 'month', 'deal_id',
    'account_id', 'product_line', 'deal_type', 'segment', 'region', 'currency', 'amount', 'units', 'deal_cost', 'share'
] %}
{% set columns = described | join(', ') %}
with

-- Read by three branches of which most plans need one: put where it is read, an empty branch costs nothing.
owner_credits as not materialized (select * from {{ ref('int_owner_credits') }}),

whole_credits as (select * from {{ ref('int_whole_credits') }}),

rollup_credits as (select * from {{ ref('int_rollup_credits') }}),

components as (select * from {{ source('inputs', 'components') }}),

routes as (select * from {{ ref('int_credit_routes') }}),

offered as (
    select 'split' as route, fact, '' as role, 'owner' as credit_role, {{ columns }} from owner_credits
    union all
    select 'unsplit' as route, fact, '' as role, 'owner' as credit_role, {{ columns }}
    from owner_credits
    where not is_split
    union all
    select 'unsplit' as route, fact, '' as role, credit_role, {{ columns }} from whole_credits where credit_role = 'owner'
    union all
    select 'overlay' as route, fact, credit_role as role, credit_role, {{ columns }}
    from whole_credits
    where credit_role <> 'owner'
    union all
    select 'rollup' as route, fact, rollup as role, 'rollup' as credit_role, {{ columns }} from rollup_credits
),

slice_members as (select * from {{ ref('int_slice_members') }}),

-- A route with a slice needs a member of it that looks like the credit.
matched as (
    select offered.*, routes.component, routes.credit_share
    from offered
    inner join routes
        on
            offered.plan_version_id = routes.plan_version_id
            and offered.route = routes.route
            and offered.fact = routes.fact
            and offered.role = routes.role
    left join slice_members
        on
            routes.slice = slice_members.slice
            and offered.product_line is not distinct from slice_members.product_line
            and offered.deal_type is not distinct from slice_members.deal_type
            and offered.segment is not distinct from slice_members.segment
            and offered.region is not distinct from slice_members.region
    where routes.slice = 'all' or slice_members.slice is not null
),

plans as (select * from {{ source('inputs', 'plans') }}),

fx_rates as (select * from {{ ref('int_plan_fx_rates') }}),

months as (select * from {{ source('inputs', 'calendar_months') }}),

company as (select * from {{ source('inputs', 'run') }}),

counted as (
    select
        matched.* exclude (route, fact, role, share, credit_share),
        -- Of an overlay the share on the deal and the share of the component are one factor.
        case when matched.route = 'overlay' then cast(1 as decimal(13, 10)) else matched.share end as share,
        case
            when matched.route = 'overlay'
                then cast(cast(matched.credit_share * matched.share as decimal(26, 20)) as decimal(13, 10))
            else matched.credit_share
        end as credit_share,
        components.type,
        components.plan,
        components.measure,
        components.rate_on,
        components.accumulate,
        plans.currency as plan_currency,
        months.quarter,
        months.year
    from matched
    inner join components
        on matched.plan_version_id = components.plan_version_id and matched.component = components.component
    inner join plans on matched.plan_version_id = plans.plan_version_id
    inner join months on matched.month = months.month
    cross join company
    where matched.credited_on <= company.period_ends_on
),

in_currency as (
    select
        counted.*,
        case
            when counted.currency = counted.plan_currency then cast(1 as decimal(18, 10))
            else fx_rates.rate
        end as fx_rate
    from counted
    left join fx_rates
        on
            case when counted.currency <> counted.plan_currency then counted.currency end = fx_rates.currency
            and counted.plan_version_id = fx_rates.plan_version_id
            and counted.credited_on >= fx_rates.valid_from
            and counted.credited_on < fx_rates.valid_to
)

select * from in_currency
