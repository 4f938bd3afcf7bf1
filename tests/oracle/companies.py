"""Companies of random histories: what histories share, and many histories together as one example."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

Row = dict[str, Any]
Given = dict[str, list[Row]]


@dataclass(frozen=True)
class Setting:
    """What histories of one company share: its settings, its months, and which of them close in one step."""

    company: Row
    plan_currency: str
    closes: tuple[tuple[int, ...], ...]

    @property
    def months(self) -> range:
        return range(self.closes[0][0], self.closes[-1][-1] + 1)


def setting(seed: int) -> Setting:
    """The company of a seed: two to four months, one or two of them per step."""
    rng = Random(f"company {seed}")
    start = rng.choice([2025 * 12 + 11, 2026 * 12, 2026 * 12, 2026 * 12 + 1, 2026 * 12 + 3])
    months = list(range(start, start + rng.choice([2, 3, 3, 4])))
    closes = []
    while months:
        count = 2 if len(months) > 2 and rng.random() < 0.25 else 1
        closes.append(tuple(months[:count]))
        months = months[count:]
    currency = rng.choice(["CNY", "CNY", "CNY", "JPY"])
    company = {"currency": currency, "fiscal_year_start": str(rng.choice([1, 1, 4, 2]))}
    if rng.random() < 0.2:
        company["rounding"] = "half_even"
    if rng.random() < 0.2:
        company["retro_window"] = "1"
    return Setting(company, currency, tuple(closes))


def together(documents: list[Row]) -> Row:
    """Histories of one company as one example; each with its `expect`."""
    first = documents[0]
    merged: Row = {**first, "plan": [plan for document in documents for plan in document["plan"]], "steps": []}
    for position, step in enumerate(first["steps"]):
        given: Given = {}
        for document in documents:
            for stream, rows in document["steps"][position]["given"].items():
                seen = given.setdefault(stream, [])
                seen += [row for row in rows if stream != "fx_rates" or row not in seen]
        merged["steps"].append({"given": given, "close": step["close"]})
    tables = {table for document in documents for table in document["expect"] if table != "only"}
    merged["expect"] = {"only": first["expect"]["only"]}
    for table in sorted(tables):
        merged["expect"][table] = [row for document in documents for row in document["expect"][table]]
    return merged
