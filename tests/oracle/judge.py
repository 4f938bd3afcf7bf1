"""The oracle against what a worked example expects: how the oracle itself is proven."""

from __future__ import annotations

from typing import Any

from tests.oracle.example import Document, Outcome, run_steps
from tests.oracle.quantities import ZERO, exact, written

_NUMBERS = {
    "payouts": set("earned adjustment held released clawed_back drawn recovered balance_owed payable".split()),
    "ledger": {"amount"},
    "commission_table": set("gross_earned adjustments draws deductions payable".split()),
}
# Words that are compared by the product and not known here.
_OTHER_WORDS = {"currency", "status"}


def disagreements(document: Document) -> list[str]:
    """Each number of an example's payouts, ledger and commission table that the oracle sees otherwise.

    Raises LookupError when the example uses something the oracle does not know.
    """
    found: list[str] = []
    outcome = None
    for step, outcome in run_steps(document):
        found += _differences(outcome, step.get("expect") or {})
    assert outcome is not None
    return found + _differences(outcome, document.get("expect") or {})


def _differences(outcome: Outcome, expect: Document) -> list[str]:
    found: list[str] = []
    tables = outcome.tables()
    for table, numbers in _NUMBERS.items():
        for row in expect.get(table) or ():
            found += _row_differences(table, row, numbers, tables[table])
    return found


def _row_differences(table: str, row: dict[str, str], numbers: set[str], actual: list[dict[str, Any]]) -> list[str]:
    keys = {name: value for name, value in row.items() if name not in numbers | _OTHER_WORDS}
    chosen = [one for one in actual if all(one.get(name) == value for name, value in keys.items() if name in one)]
    found = []
    for name in sorted(set(row) & numbers):
        total = sum((exact(one[name]) for one in chosen), ZERO)
        if total != exact(row[name]):
            found.append(f"{table} {keys}: {name} is {written(total)}, the example expects {row[name]}")
    return found
