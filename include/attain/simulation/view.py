"""A simulation as its reader sees it: headline, notes and tables of text in one language, for page and terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from attain.simulation.figures import Comparison, Means, Money
from attain.simulation.sections import Sections
from attain.simulation.tables import NONE, Row, Table, change_text, round_half_up, shown
from attain.simulation.words import Words


@dataclass(frozen=True)
class Head:
    """The headline of one currency."""

    currency: str
    before: str
    after: str
    difference: str
    percent: str
    counts: str


@dataclass(frozen=True)
class Told:
    """What a view says besides the comparison."""

    company: str
    draft: str
    months: str
    as_of: dt.datetime
    changes: tuple[str, ...]
    moved: tuple[tuple[str, dt.date], ...]
    component_names: dict[tuple[str, ...], str]


@dataclass(frozen=True)
class View:
    """A whole simulation in one language."""

    language: str
    title: str
    company: str
    draft: str
    labels: tuple[str, str, str]
    facts: tuple[tuple[str, str], ...]
    heads: tuple[Head, ...]
    notes: tuple[str, ...]
    changes: tuple[str, str, tuple[str, ...]]
    tables: tuple[Table, ...]


def view(comparison: Comparison, told: Told, language: str, people: int) -> View:
    """The comparison in `language` (`en`, `zh-CN`), with at most so many `people` in a list."""
    words = Words(language)
    count = len({change.person.participant for money in comparison.money for change in money.changes})
    tables = [
        table for money in comparison.money for table in Sections(money, told.component_names, words, people).all()
    ]
    means = _means(comparison.means, words)
    return View(
        language,
        words("title"),
        told.company,
        told.draft,
        (words("in_force"), words("draft"), words("difference")),
        (
            (words("months"), told.months),
            (words("people"), str(count)),
            (words("as_of"), f"{told.as_of:%Y-%m-%d %H:%M:%S} UTC"),
        ),
        tuple(_head(money, words) for money in comparison.money),
        tuple(_notes(comparison, told, words)),
        (words("changes"), words("about_changes"), told.changes),
        tuple(table for table in (*tables, means) if table.rows),
    )


def _head(money: Money, words: Words) -> Head:
    counts = words("counts", more=len(money.winners), less=len(money.losers), same=money.unchanged)
    total, code = money.total, money.currency
    return Head(
        code,
        shown(total.before, code),
        shown(total.after, code),
        shown(total.difference, code, sign=True),
        change_text(total),
        counts,
    )


def _notes(comparison: Comparison, told: Told, words: Words) -> Iterator[str]:
    yield words("nothing")
    if not comparison.money:
        yield words("nobody")
    if not told.changes:
        yield words("identical")
    elif comparison.money and comparison.is_equal:
        yield words("same_pay")
    for version, day in told.moved:
        yield words("moved", version=version, day=day)
    for money in comparison.money:
        parts = dict(money.parts)
        for name, key in (("waiting", "waits"), ("advanced", "owed")):
            pair = parts[name]
            if pair.difference:
                amounts = [f"{shown(one, money.currency)} {money.currency}" for one in (pair.before, pair.after)]
                yield words(key, before=amounts[0], after=amounts[1])


def _means(means: Sequence[Means], words: Words) -> Table:
    def told(value: Decimal | None) -> str:
        return NONE if value is None else f"{round_half_up(value, 4)}"

    rows = []
    for one in means:
        difference = None if one.before is None or one.after is None else one.after - one.before
        cells = (one.plan, one.measure or words("score"), told(one.before), told(one.after), told(difference))
        rows.append(Row(cells))
    columns = (words("plan"), words("measure"), words("in_force"), words("draft"), words("difference"))
    return Table(words("means"), words("about_means"), columns, tuple(rows), 2)
