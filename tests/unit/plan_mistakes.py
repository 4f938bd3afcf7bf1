"""Plans with a mistake in a known line, and the sentences that tell it."""

from __future__ import annotations

from attain import yamlfile
from attain.errors import InputError
from attain.plans import plan_from_document

FILE = "plans/ae.yml"

HEAD = """\
plan: ae
effective_from: 2026-01-01
assign: [{role: ae}]
"""
SCORECARD = """\
scorecard:
  period: month
  measures:
    - {kpi: bookings, weight: 0.5, target: 100}
    - {kpi: csat, weight: 0.5, target: 0.9}
  grades: [{grade: A, from: 1}, {grade: B, from: 0}]
"""
COMMISSION = """\
components:
  - id: sale
    type: commission
    measure: bookings
    accumulate: month
    rates: {on: amount, mode: marginal, tiers: [{from: 0, rate: 0.1}]}
"""


def sentences(text: str) -> list[str]:
    """What is wrong with a plan; empty when nothing is."""
    (document,) = yamlfile.parse_all(text, FILE)
    try:
        plan_from_document(document)
    except InputError as error:
        return str(error).splitlines()
    return []


def commission(**changes: str) -> str:
    """A plan with one commission, keys replaced or added by the YAML text given for them."""
    keys = {
        "id": "sale",
        "type": "commission",
        "measure": "bookings",
        "accumulate": "month",
        "rates": "{on: amount, mode: marginal, tiers: [{from: 0, rate: 0.1}]}",
    }
    return component(**(keys | changes))


def component(**keys: str) -> str:
    """A plan whose one component starts in line 5, one key per line."""
    lines = [f"{key.rstrip('_')}: {value}" for key, value in keys.items()]
    return HEAD + "components:\n  - " + "\n    ".join(lines) + "\n"


def scored(component_text: str) -> str:
    """The same plan with a scorecard at its end, so that lines of the component stay."""
    return component_text + SCORECARD


def measure(text: str) -> str:
    """A scorecard with one measure in line 7."""
    return HEAD + "scorecard:\n  period: month\n  measures:\n    - " + text + "\n"
