"""How a plan lies in an Excel workbook: one sheet per list, columns named like the keys of the YAML file.

Everything is derived from the grammar, so a key added there is a column here. A key inside a block is written with
dots (`rates.mode`); lists of single values stand in one cell, divided by semicolons.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from attain.plans.grammar import Assignment, Terms
from attain.plans.grammar_base import Block
from attain.plans.grammar_components import TYPES
from attain.plans.grammar_modifiers import Instalment, Tier
from attain.plans.grammar_scorecard import Grade, GradeGate, Measure

# A sheet or column for people only; neither is read.
NOTES_SHEETS, NOTE_COLUMN = "_", "note"
ANY_FIELD = ".*"

CellKind = Literal["number", "flag", "day", "text"]
_KINDS: dict[Any, CellKind] = {Decimal: "number", int: "number", bool: "flag", dt.date: "day", str: "text"}


@dataclass(frozen=True)
class Column:
    """A column: the key it fills in (dots between blocks), and what its cells hold.

    `short`: the key of the block that a bare value in this column stands for.
    """

    name: str
    kind: CellKind = "text"
    is_list: bool = False
    allowed: tuple[str, ...] = ()
    short: str | None = None


Columns = dict[str, Column]


@dataclass(frozen=True)
class Sheet:
    """A sheet: the list (`path`) it holds, below every plan or below every row of the sheet `parent`.

    `form`: what a row becomes: a block of keys, an entry of a mapping (two columns: key and value), a pair of
    numbers, or a list of numbers (one column).
    """

    name: str
    path: tuple[str, ...]
    form: Literal["block", "entry", "pair", "numbers"]
    columns: Columns
    parent: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that say where a row belongs."""
        if not self.path:
            return ()
        return ("plan", PARENTS[self.parent]) if self.parent else ("plan",)

    def known(self, header: str) -> bool:
        """Whether the sheet may have this column."""
        return header in self.keys or header == NOTE_COLUMN or find(self.columns, header) is not None


# The column that names the row of the parent sheet.
PARENTS = {"components": "component", "measures": "measure"}


def find(columns: Columns, header: str) -> Column | None:
    """The column of this name; `where.region` is one of `where.*`. None when there is no such column."""
    if header in columns:
        return columns[header]
    block, _, field = header.rpartition(".")
    return columns.get(block + ANY_FIELD) if field else None


@cache
def component_columns(kind: str) -> Columns:
    """The columns a component of this type may fill; those of all types when it is none of them."""
    models = [TYPES[kind]] if kind in TYPES else list(TYPES.values())
    merged: Columns = {}
    for model in models:
        for column in _columns(model):
            merged.setdefault(column.name, column)
    return {**merged, "type": Column("type", allowed=tuple(TYPES))}


@cache
def sheets() -> dict[str, Sheet]:
    """Every sheet by name, parents before what belongs to them."""
    listed = [
        Sheet("plans", (), "block", _of(Terms)),
        Sheet("assign", ("assign",), "block", _of(Assignment)),
        _entries("fx_rates", ("fx", "plan_rates"), "currency", "rate"),
        Sheet("measures", ("scorecard", "measures"), "block", _of(Measure)),
        _points("measure_points", ("curve", "points"), "measures"),
        Sheet("scorecard_gates", ("scorecard", "gates"), "block", _of(GradeGate)),
        Sheet("grades", ("scorecard", "grades"), "block", _of(Grade)),
        _entries("distribution", ("scorecard", "calibrate", "distribution"), "grade", "share"),
        Sheet("components", ("components",), "block", component_columns("")),
        Sheet("tiers", ("rates", "tiers"), "block", _of(Tier), "components"),
        _entries("overlays", ("credit", "overlay"), "role", "share", "components"),
        _entries("factors", ("multiplier", "factors"), "grade", "factor", "components"),
        _points("multiplier_points", ("multiplier", "curve", "points"), "components"),
        _points("payout_points", ("payout", "curve", "points"), "components"),
        Sheet("instalments", ("pay", "instalments"), "block", _of(Instalment), "components"),
        _entries("levels", ("levels",), "level", "share", "components"),
        Sheet("matrix_rows", ("payout",), "numbers", _named(Column("payout", "number", is_list=True)), "components"),
    ]
    return {sheet.name: sheet for sheet in listed}


def _of(model: type[Block]) -> Columns:
    return _named(*_columns(model))


def _named(*columns: Column) -> Columns:
    return {column.name: column for column in columns}


def _entries(name: str, path: tuple[str, ...], key: str, value: str, parent: str = "") -> Sheet:
    return Sheet(name, path, "entry", _named(Column(key), Column(value, "number")), parent)


def _points(name: str, path: tuple[str, ...], parent: str) -> Sheet:
    return Sheet(name, path, "pair", _named(Column("x", "number"), Column("y", "number")), parent)


def _columns(model: type[Block], prefix: str = "") -> Iterator[Column]:
    """The columns of a block; lists of blocks and mappings have sheets of their own."""
    for name, field in model.model_fields.items():
        yield from _column(prefix + (field.alias or name), field.annotation)


def _column(key: str, annotation: Any) -> Iterator[Column]:
    base = _bare(annotation)
    origin = get_origin(base)
    if origin is dict:
        if get_origin(_bare(get_args(base)[1])) is tuple:
            yield Column(key + ANY_FIELD, is_list=True)
    elif origin is tuple:
        item = _bare(get_args(base)[0])
        if item in _KINDS or get_origin(item) is Literal:
            yield _leaf(key, item, is_list=True)
    elif isinstance(base, type) and issubclass(base, Block):
        yield from _block(key, base)
    elif base in _KINDS or origin is Literal:
        yield _leaf(key, base)


def _block(key: str, model: type[Block]) -> Iterator[Column]:
    if model.short:
        shown = _leaf(key, _bare(model.model_fields[model.short].annotation))
        yield Column(key, shown.kind, short=model.short)
    elif model.word:
        yield Column(key, allowed=(model.word,))
    yield from _columns(model, f"{key}.")


def _leaf(key: str, base: Any, is_list: bool = False) -> Column:
    if get_origin(base) is Literal:
        return Column(key, "text", is_list, get_args(base))
    return Column(key, _KINDS[base], is_list)


def _bare(annotation: Any) -> Any:
    """A type without its validators and without None."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        return _bare(kinds[0]) if len(kinds) == 1 else annotation
    return annotation
