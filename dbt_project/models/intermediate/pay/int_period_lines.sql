{{ config(materialized='view') }}
-- One row per line that a component other than a commission or an override computes, before gates and limits.
{% set types = ['bonus', 'matrix', 'spiff', 'contest', 'pool'] %}
with

period_lines as (
    {% for type in types %}
        select
            participant_id,
            plan,
            plan_version_id,
            component,
            window_period,
            origin_period,
            is_last_month,
            transaction_type,
            transaction_id,
            line,
            credited_on,
            deal_id,
            tier_from,
            basis_amount,
            rate,
            measured,
            amount,
            why
        from {{ ref('int_lines_' ~ type) }}
        {{ "union all" if not loop.last }}
    {% endfor %}
)

select * from period_lines
