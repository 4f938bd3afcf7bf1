"""Plans as YAML text, and the rows they become."""

from __future__ import annotations

from typing import Any

from attain import yamlfile
from attain.plans import book_of, flatten, plan_from_document

Rows = list[dict[str, Any]]

SCORECARD = """\
scorecard:
  period: month
  missing: zero
  measures:
    - kpi: bookings_growth
      weight: 0.25
      target: 0.20
      where: {product_line: [GTX], deal_type: [renewal, new]}
    - {id: mean_csat, kpi: csat, variant: mean, weight: 0.5, scope: team, perspective: process}
    - {kpi: sales_cycle, weight: 0.25, target: 30, inverse: two_minus_ratio}
  gates: [{kpi: quota_attainment, of: margin, where: {region: east}, at_least: 0.8, else: {grade_at_most: B}}]
  grades: [{grade: S, from: 1.1}, {grade: A, from: 0.9}, {grade: B, from: 0}]
  calibrate: {within: role, distribution: {B: 0.7, S: 0.3}}
"""


def tables(*texts: str, kpis: tuple[str, ...] = ()) -> dict[str, Rows]:
    """The rows of every table for plans given as YAML."""
    plans = [plan_from_document(yamlfile.parse_all(text, "p.yml")[0]) for text in texts]
    return {name: rows.to_pylist() for name, rows in flatten(book_of(plans), "CNY", kpis).items()}


def plan(body: str = "", head: str = "plan: ae\neffective_from: 2026-01-01\nassign: [{role: ae}]\n") -> str:
    return head + body


def component(text: str) -> str:
    return plan(f"components:\n  - {{id: x, {text}}}\n")


def component_row(text: str) -> dict[str, Any]:
    (row,) = tables(component(text))["components"]
    return row


def commission(rates: str, more: str = "") -> str:
    return component(f"type: commission, measure: bookings, accumulate: month, rates: {rates}{more}")
