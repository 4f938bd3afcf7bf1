"""A statement as its reader sees it: tables of text in one language, for the page and the terminal alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from attain.amounts import NONE, formula, money, number
from attain.company import minor_units
from attain.publish.statement_parts import Column, Row, Table, View
from attain.publish.statement_questions import asked, questions
from attain.publish.statement_words import Words
from attain.publish.statements import Line, Statement

_RESULT = re.compile(r"(\S+) ÷ (\S+) = (\S+); (\S+) × (\S+)")
_GATE = re.compile(r"(\S+) (\S+) ([<>]) (\S+)")
_NUMBER = re.compile(r"-?\d+\.\d+")
# In the order of the formula: payable is all of them together, those that take away counted against it.
_PARTS = ("earned", "adjustment", "held", "released", "clawed_back", "drawn", "recovered", "balance_owed")


def language(locale: str) -> str:
    """The language a statement is written in for a locale: zh-CN or en."""
    return "zh-CN" if locale.lower().startswith("zh") else "en"


def view(statement: Statement, spoken: str, company: str, currency: str) -> View:
    """The statement in one language (`en`, `zh-CN`); `currency` is what KPI money is in."""
    words = Words(spoken)
    is_closed = all(row["status"] == "closed" for row in statement.totals)
    facts = [(words("team"), statement.team), (words("role"), statement.role)]
    tables = (
        _results(statement, words, currency),
        _score(statement, words),
        _pay(statement, words),
        _adjustments(statement, words),
        _timing(statement.of("timing"), words, "timing", "about_timing"),
        _timing(statement.of("draws"), words, "drawn", "about_drawn"),
        _components(statement, words),
        _awards(statement, words),
        questions(statement, words),
    )
    return View(
        spoken,
        words("title"),
        company,
        f"{statement.name} ({statement.participant_id})",
        statement.period,
        tuple((label, text) for label, text in facts if text),
        is_closed,
        words("final" if is_closed else "preliminary"),
        words("payable"),
        tuple(_total(row, words) for row in statement.totals),
        tuple(words.reason(line.because) for line in statement.of("total") if line.because),
        tuple(table for table in tables if table.rows),
        (
            (words("period"), statement.period),
            (words("as_of"), f"{statement.as_of:%Y-%m-%d %H:%M:%S} UTC"),
            (words("set"), statement.set_name),
        ),
        words("how_to_ask"),
    )


def _total(row: Any, words: Words) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    code = row["currency"]
    parts = (
        ("earned", row["gross_earned"]),
        ("deductions", row["deductions"]),
        ("settled", row["adjustments"]),
        ("draws", row["draws"]),
    )
    shown = tuple((words(key), money(amount, code)) for key, amount in parts if amount or key == "earned")
    return money(row["payable"], code), code, shown


def _columns(
    words: Words, texts: Sequence[str], numbers: Sequence[str], last: Sequence[str] = ()
) -> tuple[Column, ...]:
    return (
        *(Column(words(key)) for key in texts),
        *(Column(words(key), "number") for key in numbers),
        *(Column(words(key)) for key in last),
    )


def _results(statement: Statement, words: Words, currency: str) -> Table:
    rows = []
    for line in statement.of("results"):
        unit = statement.kpis.get(line.label_en, {}).get("unit", "")
        found = _RESULT.fullmatch(line.formula)
        shown = found.groups() if found else (line.formula, NONE, NONE, NONE, NONE)
        result, target, attainment, points, weight = shown
        rows.append(
            _row(
                (
                    _label(line, words),
                    line.source_ref.rpartition(" ")[2],
                    _measured(result, unit, currency),
                    _measured(target, unit, currency),
                    _measured(attainment, "ratio", currency),
                    _measured(points, "", currency),
                    _measured(weight, "ratio", currency),
                ),
                line,
                words,
            )
        )
    numbers = ("result", "target", "attainment", "points", "weight")
    columns = _columns(words, ("measure", "period"), numbers)
    return Table(words("results"), words("about_results"), columns, tuple(rows), words("line"))


def _score(statement: Statement, words: Words) -> Table:
    rows = []
    for line in statement.of("score"):
        plan, _, period = line.source_ref.rpartition(" ")
        grade = line.label_en.removeprefix("Score").strip()
        reason = "; ".join(_gate(hit, statement, words) for hit in line.because.split("; "))
        rows.append(replace(_row((plan, period, number(line.rate), grade or NONE), line, words), reason=reason))
    columns = _columns(words, ("plan", "period"), ("score", "grade"))
    return Table(words("score"), words("about_score"), columns, tuple(rows), words("line"))


def _gate(hit: str, statement: Statement, words: Words) -> str:
    """`collection_rate 0.59 < 0.6` with the KPI's name where the measure is named for its KPI."""
    found = _GATE.fullmatch(hit)
    if not found:
        return hit
    measure, value, sign, limit = found.groups()
    named = next((kpi for kpi in statement.kpis.values() if kpi["kpi"] == measure), None)
    name = named["name_zh" if words.at else "name_en"] if named else measure
    return f"{name} {_measured(value, '', '')} {sign} {_measured(limit, '', '')}"


def _pay(statement: Statement, words: Words) -> Table:
    """Lines by component; a component of several lines ends with what they come to."""
    rows: list[Row] = []
    for (_, names, code), found in groupby(statement.of("pay"), key=lambda line: (line.of, line.names, line.currency)):
        lines = list(found)
        rows.extend(
            _row((_label(line, words), words.source(line.source_ref), _formula(line), _amount(line)), line, words)
            for line in lines
        )
        if len(lines) > 1 and code:
            together = sum((line.amount or Decimal(0) for line in lines), Decimal(0))
            label = f"{names[0 if words.at else 1]} – {words('subtotal')}"
            rows.append(Row((label, "", "", f"{money(together, code)} {code}"), kind="subtotal"))
    columns = _columns(words, ("component", "source"), ("formula", "amount"))
    return Table(words("pay"), words("about_pay"), columns, tuple(rows), words("line"))


def _adjustments(statement: Statement, words: Words) -> Table:
    """What closed months lacked or had too much: now computed − booked."""
    rows = tuple(
        _row((_label(line, words), line.source_ref, _difference(line), _amount(line)), line, words)
        for line in statement.of("adjustments")
    )
    columns = _columns(words, ("what", "source"), ("formula", "amount"))
    return Table(words("adjustments"), words("about_adjustments"), columns, rows, words("line"))


def _timing(lines: Sequence[Line], words: Words, title: str, about: str) -> Table:
    rows = tuple(_row((_label(line, words), line.source_ref, _amount(line)), line, words) for line in lines)
    return Table(words(title), words(about), _columns(words, ("what", "source"), ("amount",)), rows, words("line"))


def _components(statement: Statement, words: Words) -> Table:
    """The payouts, with the columns that hold anything, and a total per currency."""
    parts = [part for part in _PARTS if part == "earned" or any(row[part] for row in statement.payouts)]
    keys = [*parts, "payable"]
    rows = [
        Row(
            (
                row["name_zh" if words.at else "name_en"],
                *(money(row[key], row["currency"]) for key in keys),
                row["currency"],
            ),
            row["status"],
            # Open or closed is said once for the whole statement.
            words.status(row["status"]) if row["status"] == "provisional" else "",
        )
        for row in statement.payouts
    ]
    for row in statement.totals:
        code = row["currency"]
        ours = [payout for payout in statement.payouts if payout["currency"] == code]
        sums = (sum((payout[key] for payout in ours), Decimal(0)) for key in keys)
        cells = (words("total"), *(money(amount, code) for amount in sums), code)
        line = next(line for line in statement.of("total") if line.source_ref == code)
        rows.append(Row(cells, kind="total", line=str(line.line), asked=asked(line, words)))
    numbers = ["drawn_amount" if key == "drawn" else key for key in keys]
    columns = (*_columns(words, ("component",), numbers), Column(""))
    return Table(words("components"), words("about_components"), columns, tuple(rows), words("line"))


def _awards(statement: Statement, words: Words) -> Table:
    rows = tuple(
        _row((_label(line, words), line.source_ref, line.formula, number(line.basis)), line, words)
        for line in statement.of("awards")
    )
    return Table(words("awards"), "", _columns(words, ("what", "source", "why"), ("points",)), rows, words("line"))


def _label(line: Line, words: Words) -> str:
    return line.label_zh if words.at else line.label_en


def _row(cells: tuple[str, ...], line: Line, words: Words) -> Row:
    """A line with its status, the reason and what was asked. What is payable or final is the rule: no badge."""
    badge = "" if line.status in ("payable", "final") else words.status(line.status)
    because = words.reason(line.because)
    return Row(cells, line.status, badge, because, line=str(line.line), asked=asked(line, words))


def _formula(line: Line) -> str:
    if line.basis is None or line.rate is None or line.amount is None:
        return ""
    if abs(line.basis) == abs(line.amount) and abs(line.rate) != 1:
        # Closed when the basis of a deduction by share was what it took.
        return ""
    return formula(line.basis, line.rate, line.amount, line.currency)


def _difference(line: Line) -> str:
    return _NUMBER.sub(lambda found: money(Decimal(found[0]), line.currency), line.formula)


def _amount(line: Line) -> str:
    return NONE if line.amount is None else f"{money(line.amount, line.currency)} {line.currency}".strip()


def _measured(text: str, unit: str, currency: str) -> str:
    """A number of a formula in its KPI's unit; shares as percentages, counts and points as they are."""
    if not _NUMBER.fullmatch(text):
        return text
    value = Decimal(text)
    if unit == "ratio":
        return f"{number((value * 100).quantize(Decimal('0.01')))} %"
    if unit == "money":
        return f"{value:,.{minor_units(currency)}f}"
    return number(value)
