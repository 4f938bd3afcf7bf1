-- One row per KPI of the catalogue.
with

catalogue as (select * from {{ source('inputs', 'kpi_catalogue') }}),

run as (select run_id from {{ source('inputs', 'run') }}),

dim_kpi as (
    select
        catalogue.kpi,
        catalogue.name_en,
        catalogue.name_zh,
        catalogue.perspective,
        catalogue.unit,
        catalogue.direction,
        catalogue.is_additive,
        catalogue.variants,
        catalogue.formula_en,
        catalogue.formula_zh,
        run.run_id
    from catalogue
    cross join run
)

select * from dim_kpi
