"""Plans as tables: what the warehouse joins with. What a file leaves out gets its default here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyarrow as pa

from attain.plans.book import PlanBook
from attain.plans.catalogue import load_catalogue
from attain.plans.curves import CurveBook
from attain.plans.flatten_components import component_rows
from attain.plans.flatten_scorecard import scorecard_rows
from attain.plans.grammar import Terms
from attain.plans.needs import Needs
from attain.plans.tables import SCHEMAS, Row, table

# Measures that are added up deal by deal; every other is the value of a KPI.
TRANSACTION_MEASURES = ("bookings", "margin", "units", "deals", "billings", "collections")

# The highest level on which somebody is assigned decides (plan-spec: participant beats role beats team).
LEVELS = {"participant": 3, "role": 2, "team": 1}

Rows = dict[str, list[Row]]


def flatten(book: PlanBook, company_currency: str, kpis: Iterable[str] = ()) -> dict[str, pa.Table]:
    """Every table of schema `inputs` that comes from plans, in deterministic row order, numbers as written.

    `kpis`: KPIs the company wants beyond those its plans need. Raises InputError for one that is unknown.
    """
    needs, curves = Needs(load_catalogue()), CurveBook()
    rows: Rows = defaultdict(list)
    for plan in book.plans:
        terms = plan.terms
        _add(rows, terms.version_id, _plan_rows(terms, company_currency))
        if terms.scorecard is not None:
            _add(rows, terms.version_id, scorecard_rows(terms.scorecard, needs, curves))
        _add(rows, terms.version_id, component_rows(terms, needs, curves))
    for kpi in kpis:
        needs.request_listed(kpi)
    rows["curves"], rows["curve_segments"] = curves.curve_rows(), curves.segment_rows()
    rows["slices"], rows["slice_filters"] = needs.slice_rows(), needs.filter_rows()
    rows["kpi_requests"] = needs.request_rows()
    return {name: table(name, rows[name]) for name in SCHEMAS}


def kinds_to_date(components: pa.Table) -> set[str]:
    """Kinds of periods (quarter, year) whose KPIs a gate, a multiplier or a rate reads before the period is over."""
    kinds: set[str] = set()
    for row in components.to_pylist():
        window = row["accumulate"] or row["period_kind"]
        if row["gate_kpi"]:
            kinds.add(window if row["gate_over"] == "period" else "year")
        if row["multiplier_kpi"] or (row["type"] == "commission" and row["measure"] not in TRANSACTION_MEASURES):
            kinds.add(window)
    return kinds & {"quarter", "year"}


def _add(rows: Rows, version_id: str, more: Rows) -> None:
    for name, added in more.items():
        rows[name] += [{"plan_version_id": version_id, **row} for row in added]


def _plan_rows(terms: Terms, company_currency: str) -> Rows:
    plan: Row = {
        "plan": terms.plan,
        "effective_from": terms.effective_from,
        "effective_to": terms.effective_to,
        "name_en": terms.name.in_english(terms.plan) if terms.name else terms.plan,
        "name_zh": terms.name.in_chinese(terms.plan) if terms.name else terms.plan,
        "currency": terms.currency or company_currency,
        "proration_by": terms.proration.by,
        "proration_start_day": terms.proration.start_day,
        "fx_rate": terms.fx.rate,
        "fingerprint": terms.fingerprint(),
    }
    return {
        "plans": [plan],
        "plan_absences": [{"kind": kind} for kind in sorted(set(terms.proration.absences))],
        "plan_assignments": [
            {"plan": terms.plan, "level": LEVELS[level], "member_id": member}
            for level, member in (entry.member for entry in terms.assign)
        ],
        "plan_fx_rates": [
            {"currency": currency, "rate": rate} for currency, rate in sorted((terms.fx.plan_rates or {}).items())
        ],
    }
