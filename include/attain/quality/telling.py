"""From an outcome to a `Check`: status, observed and expected, a masked sample, sentences for the reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from attain.plurals import agreeing
from attain.quality.judge import Outcome
from attain.quality.results import Check, Gate, Status
from attain.quality.suites import Expectation

MASK = "•••"


def check(
    gate: Gate,
    expectation: Expectation,
    outcome: Outcome,
    told: tuple[str | None, str | None],
    population: int | None,
    keys: Sequence[str],
) -> Check:
    """The check as recorded. `told`: observed and expected as measured; `population`: how much was seen."""
    if outcome.error is not None:
        return unevaluated(gate, expectation, outcome.error)
    sample = tuple(_shown(row, expectation.mask, keys) for row in outcome.rows)
    observed = told[0] or _counted(outcome.failed_rows, population)
    expected = told[1] or "0"
    words = {
        "failed_rows": f"{outcome.failed_rows:,}",
        "observed": observed,
        "expected": expected,
        **(dict(sample[0]) if sample else {}),
    }
    text = expectation.description if outcome.success else expectation.finding
    # A sentence about the first row that does not say how many there are is followed by the names of the others.
    is_of_one = not outcome.success and "{failed_rows}" not in expectation.finding.en
    others = _names_after_first(sample, keys) if is_of_one else []
    more = outcome.failed_rows - len(sample)
    return Check(
        gate,
        expectation.check,
        expectation.severity,
        _status(expectation, outcome.success),
        observed,
        expected,
        outcome.failed_rows,
        sample,
        agreeing(text.en, words).format_map(_Known(words)) + (_also_en(others, more) if others else ""),
        text.zh.format_map(_Known(words)) + (_also_zh(others, more) if others else ""),
        expectation.description.en,
        expectation.description.zh,
    )


def unevaluated(gate: Gate, expectation: Expectation, reason: str) -> Check:
    """A check that could not look: a critical finding whatever its severity."""
    return Check(
        gate,
        expectation.check,
        "critical",
        "failed",
        "–",
        "–",
        0,
        (),
        f"The check {expectation.check} could not be evaluated: {reason.rstrip('.')}.",
        f"检查 {expectation.check} 无法执行：{reason.rstrip('.')}。",
        expectation.description.en,
        expectation.description.zh,
    )


def _names_after_first(sample: Sequence[Mapping[str, str | None]], keys: Sequence[str]) -> list[str]:
    named = [" ".join(value for key in keys if (value := row.get(key))) for row in sample]
    return list(dict.fromkeys(name for name in named[1:] if name and name != named[0]))


def _also_en(others: Sequence[str], more: int) -> str:
    return f" The same holds for {', '.join(others)}{f' and {more:,} more' if more > 0 else ''}."


def _also_zh(others: Sequence[str], more: int) -> str:
    return f"同样情况：{'、'.join(others)}{f'，另有 {more:,} 处' if more > 0 else ''}。"


class _Known(dict[str, Any]):
    """Words of a sentence; one that the sample does not hold (an empty value) is told as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return "–" if value is None else value


def _status(expectation: Expectation, success: bool) -> Status:
    if success or expectation.severity == "info":
        return "passed"
    return "failed" if expectation.severity == "critical" else "warned"


def _counted(failed_rows: int, population: int | None) -> str:
    return f"{failed_rows:,}" if population is None else f"{failed_rows:,} / {population:,}"


def _shown(row: Mapping[str, Any], masked: bool, keys: Sequence[str]) -> dict[str, str | None]:
    return {name: MASK if masked and _is_pay(name, value, keys) else text(value) for name, value in row.items()}


def _is_pay(name: str, value: Any, keys: Sequence[str]) -> bool:
    # Whatever counts may be pay; what names the row (people, periods, components) must stay legible.
    return name not in keys and isinstance(value, (Decimal, int, float)) and not isinstance(value, bool)


def text(value: Any) -> str | None:
    """A value as a person reads it: numbers grouped and without needless zeros, days as ISO."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return _plain(Decimal(value))
    if isinstance(value, float):
        return _plain(Decimal(repr(round(value, 6))))
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _plain(value: Decimal) -> str:
    """1,234.50 and 1,234: a fraction has at least two places, as money is written."""
    whole, _, fraction = format(value, ",f").partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction.ljust(2, '0')}" if fraction else whole
