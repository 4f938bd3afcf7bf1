-- One row per KPI of the catalogue.
with

catalogue as (select * from {{ source('inputs', 'kpi_catalogue') }}),

dim_kpi as (
    select kpi, name_en, name_zh, perspective, unit, direction, is_additive, variants, formula_en, formula_zh
    from catalogue
)

select * from dim_kpi
