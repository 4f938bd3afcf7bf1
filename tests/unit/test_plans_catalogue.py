"""The KPI catalogue: complete, consistent, and true to the models."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from attain.plans.catalogue import SEED, WHERE_FIELDS, WHERE_WORDS, load_catalogue

# The ids of the KPI catalogue as the product promises them.
FINANCIAL = (
    "bookings bookings_growth quota_attainment contract_count units average_deal_size billings collections "
    "collection_rate dso margin gross_margin discount_rate market_share"
)
CUSTOMER = "new_customers customer_retention churn_rate renewal_rate nrr grr csat nps ces complaint_rate"
PROCESS = (
    "leads qualified_leads activities proposal_acceptance stage_conversion win_rate win_rate_value "
    "sales_cycle "
    "sales_velocity response_time pipeline_coverage stalled_deals forecast_accuracy content_usage teamwork"
)
CAPABILITY = (
    "training_completion assessment_score product_knowledge selling_skills analysis_skills review360 objectives mbo kra"
)
MODELS = SEED.parents[1] / "models" / "intermediate"


def test_every_promised_kpi_is_in_its_perspective() -> None:
    found: dict[str, list[str]] = {}
    for kpi in load_catalogue().kpis.values():
        found.setdefault(kpi.perspective, []).append(kpi.id)
    assert found == {
        "financial": FINANCIAL.split(),
        "customer": CUSTOMER.split(),
        "process": PROCESS.split(),
        "capability": CAPABILITY.split(),
    }


def test_every_word_of_the_catalogue_is_a_known_one() -> None:
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["unit"] for row in rows} == {"money", "count", "ratio", "score", "days", "hours"}
    assert {row["direction"] for row in rows} == {"higher", "lower"}
    assert {row["is_additive"] for row in rows} == {row["is_supported"] for row in rows} == {"true", "false"}
    assert {row["base"] for row in rows} == set(WHERE_FIELDS)
    assert all(row[key].strip() for row in rows for key in ("name_en", "name_zh", "formula_en", "formula_zh"))


def test_only_money_and_counts_add_up() -> None:
    assert all(kpi.is_money_or_count for kpi in load_catalogue().kpis.values() if kpi.is_additive)


def test_variants_start_with_the_default() -> None:
    kpis = load_catalogue().kpis
    assert (kpis["csat"].default_variant, kpis["csat"].variants) == ("top2", ("top2", "mean"))
    assert kpis["collection_rate"].variants == ("ar", "due")
    assert kpis["sales_cycle"].variants == ("mean", "median")
    assert kpis["bookings"].default_variant == ""


def test_the_measure_deals_counts_contracts() -> None:
    measured = load_catalogue().measured("deals")
    assert measured is not None
    assert measured.id == "contract_count"


def test_every_supported_kpi_has_its_model_and_no_other_has() -> None:
    models = {path.stem.removeprefix("int_kpi_") for path in (MODELS / "kpis").glob("int_kpi_*.sql")} - {"values"}
    assert models == {kpi.id for kpi in load_catalogue().kpis.values() if kpi.is_supported}


def test_plans_can_restrict_a_kpi_by_exactly_the_fields_its_facts_carry() -> None:
    carried: dict[str, set[str]] = {}
    for path in (MODELS / "facts").glob("*.sql"):
        carried |= _fields_by_base(path)
    assert carried
    for base, fields in carried.items():
        assert fields == set(WHERE_FIELDS[base]), base


def _fields_by_base(path: Path) -> dict[str, set[str]]:
    """Fields that the slices of a fact model look at, by the base of the KPIs it serves."""
    text = path.read_text(encoding="utf-8")
    matched = re.search(r"slice_matches\([^\[]*?(\[.*?\]|fields), '\w+'\)", text)
    if not matched:
        return {}
    listed = re.search(r"set fields = (\[.*?\])", text)
    names = listed.group(1) if matched.group(1) == "fields" and listed else matched.group(1)
    fields = set(re.findall(r"'(\w+)'", names))
    return dict.fromkeys(re.findall(r"requested_slices\('(\w+)'\)", text), fields)


# The staging model whose column a restriction of KPIs on that base compares with.
STAGED = {"activities": "activities", "objectives": "objectives", "surveys": "survey_responses"} | {
    "reviews": "survey_responses",
    **dict.fromkeys(("deals", "finance", "stages", "pipeline"), "deals"),
}


def test_the_words_a_restriction_may_name_are_those_that_staging_lets_pass() -> None:
    staged = {}
    for base, stream in STAGED.items():
        sql = (MODELS.parent / "staging" / stream / f"typed_{stream}.sql").read_text(encoding="utf-8")
        lists = dict(re.findall(r"unknown_value\('(\w+)', \[([^\]]+)\]", sql))
        fields = [field for field in WHERE_FIELDS[base] if field in lists]
        staged[base] = {field: tuple(re.findall(r"'(\w+)'", lists[field])) for field in fields}
    assert staged == WHERE_WORDS
