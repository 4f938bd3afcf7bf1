"""What a statement consists of for its reader: tables of text with their columns and rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column's header and how it is set: `number` to the right, `short` on one line, `long` with room for text."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Row:
    """Cells of text; `status` ('' for none) and `reason` say whether and why an amount waits.

    `line` is the number of the statement's line ('' for none), `asked` what was asked about it.
    """

    cells: tuple[str, ...]
    status: str = ""
    badge: str = ""
    reason: str = ""
    kind: str = "line"
    line: str = ""
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A section of the statement; `number` is the header of the numbers its lines have ('' for none)."""

    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    number: str = ""


@dataclass(frozen=True)
class View:
    """A whole statement; `totals` are (payable, currency, [(label, amount)]) by currency."""

    language: str
    title: str
    company: str
    name: str
    period: str
    facts: tuple[tuple[str, str], ...]
    closed: bool
    note: str
    payable: str
    totals: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    notes: tuple[str, ...]
    tables: tuple[Table, ...]
    footer: tuple[tuple[str, str], ...]
    questions: str
