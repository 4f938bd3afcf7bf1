{{ config(meta=local_by(
    ['participant_id', 'plan', 'component', 'origin_period'],
    ['int_lines_bonus', 'int_lines_matrix', 'int_lines_spiff', 'int_lines_contest', 'int_lines_pool']
)) }}
-- One row per line of computed earnings of components without rates, numbered within its transaction, in the month that
-- earns it.
with

period_lines as (select * from {{ ref('int_period_lines') }} where is_last_month)

{{ shown_lines('period_lines') }}
