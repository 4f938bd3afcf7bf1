"""Plans kept in an Excel workbook, read as the same documents the YAML files give.

A row of sheet `plans` is a plan; rows of the other sheets say in column `plan` (and `component` or `measure`) where
they belong. What comes out is validated like a YAML document; its messages name sheet and cell.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from attain.errors import InputError
from attain.plans.grammar_components import TYPES
from attain.plans.workbook_cells import Grid, Row, columns_of, items, read_grid
from attain.plans.workbook_layout import PARENTS, Column, find, sheets
from attain.yamlfile import Document, Path_

# Marks a block that has keys besides a word that can only stand alone (`else: nothing`); it is told as a mistake.
_REFUSED = ""


@dataclass(frozen=True)
class SheetDocument(Document):
    """A plan of a workbook: `places` says sheet and cell of every value."""

    places: dict[Path_, str] = field(default_factory=dict, compare=False)

    def place(self, path: Path_) -> str:
        """`file, sheet S, cell C4` of the value at `path`, or of what encloses it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places[path]


def read_workbook(path: Path) -> list[SheetDocument]:
    """The plans of a workbook, one document each, in the order of sheet `plans`.

    Raises InputError with one line per cell that has no place in a plan.
    """
    grid = read_grid(path)
    drafts = _drafts(grid)
    for sheet in sheets().values():
        if sheet.path:
            for row in grid.rows.get(sheet.name, []):
                _attach(row, drafts, grid)
    if grid.mistakes:
        raise InputError("\n".join(grid.mistakes))
    return [SheetDocument(grid.label, draft.data, {}, draft.places) for draft in drafts]


@dataclass
class _Draft:
    """A plan as it grows, row by row. `rows`: where the rows of sheets with children stand, by their id."""

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Path_, str] = field(default_factory=dict)
    rows: dict[str, dict[str, Path_]] = field(default_factory=lambda: {name: {} for name in PARENTS})

    @property
    def names(self) -> tuple[str, str]:
        """The two ways to name the plan: its id, and its id with the version."""
        plan = str(self.data.get("plan"))
        return plan, f"{plan}@{self.data.get('effective_from')}"


def _drafts(grid: Grid) -> list[_Draft]:
    drafts = []
    for row in grid.rows.get("plans", []):
        draft = _Draft()
        draft.data = _block(row, grid)
        _remember(draft, row, ())
        drafts.append(draft)
    return drafts


def _attach(row: Row, drafts: list[_Draft], grid: Grid) -> None:
    """Puts the row where it belongs."""
    draft = _owner(row, drafts, grid)
    start = _parent(row, draft, grid) if draft else None
    if draft is None or start is None:
        return
    path = (*start, *row.sheet.path)
    holder = _holder(draft.data, path, {} if row.sheet.form == "entry" else [])
    if holder is None:
        said = ".".join(row.sheet.path)
        grid.mistakes.append(f"{row.place()}: {said} is said in one cell of the row above it already; clear that cell.")
    elif row.sheet.form == "entry":
        _add_entry(row, draft, path, holder, grid)
    else:
        holder.append(_value(row, grid))
        _remember(draft, row, (*path, len(holder) - 1))


def _owner(row: Row, drafts: list[_Draft], grid: Grid) -> _Draft | None:
    wanted = row.filled.get("plan", "")
    found = [draft for draft in drafts if wanted in draft.names]
    if len(found) == 1:
        return found[0]
    counts = Counter(draft.names[0] for draft in drafts)
    known = ", ".join(draft.names[counts[draft.names[0]] > 1] for draft in drafts) or "none"
    said = f"{wanted!r} is " if wanted else "is empty; it must be "
    reason = ("more than one version of a plan" if found else "not a plan of sheet plans") if wanted else ""
    grid.mistakes.append(f"{row.place('plan')}: plan: {said}{reason}{'; known are ' if wanted else 'one of '}{known}.")
    return None


def _parent(row: Row, draft: _Draft, grid: Grid) -> Path_ | None:
    """Where the row the sheet's rows belong to stands; the plan itself for lists of the plan."""
    if not row.sheet.parent:
        return ()
    column = PARENTS[row.sheet.parent]
    known = draft.rows[row.sheet.parent]
    wanted = row.filled.get(column, "")
    if wanted not in known:
        said = f"{wanted!r} is not in sheet {row.sheet.parent}" if wanted else "is empty"
        grid.mistakes.append(
            f"{row.place(column)}: {column}: {said}; plan {draft.names[0]} has {', '.join(known) or 'none'}."
        )
        return None
    return known[wanted]


def _holder(data: Any, path: Path_, empty: Any) -> Any:
    """The list or mapping at `path`, made when it is not there; None when another value stands in its way."""
    for step in path[:-1]:
        data = data[step] if isinstance(step, int) else data.setdefault(step, {})
        if not isinstance(data, dict | list):
            return None
    holder = data.setdefault(path[-1], empty)
    return holder if type(holder) is type(empty) else None


def _add_entry(row: Row, draft: _Draft, path: Path_, holder: dict[str, Any], grid: Grid) -> None:
    key_column, value_column = row.sheet.columns
    key = row.filled.get(key_column, "")
    if not key:
        grid.mistakes.append(f"{row.place(key_column)}: {key_column}: is empty.")
    elif key in holder:
        grid.mistakes.append(f"{row.place(key_column)}: {key_column}: {key} is written twice.")
    else:
        holder[key] = row.filled.get(value_column)
        draft.places.setdefault(path, row.place())
        draft.places[(*path, key)] = row.place(value_column)


def _value(row: Row, grid: Grid) -> Any:
    if row.sheet.form == "pair":
        return [row.filled.get("x"), row.filled.get("y")]
    if row.sheet.form == "numbers":
        return items(row.filled.get("payout", ""))
    return _block(row, grid)


def _block(row: Row, grid: Grid) -> dict[str, Any]:
    """The row as nested keys; a bare value beside other keys of its block stands for the block's short key."""
    block: dict[str, Any] = {}
    for name, text, is_list in columns_of(row):
        *blocks, key = name.split(".")
        node = block
        for depth, step in enumerate(blocks, start=1):
            node = _inside(node, step, find(row.sheet.columns, ".".join(blocks[:depth])))
        if key in node or _REFUSED in node:
            grid.mistakes.append(f"{row.place(name)}: {name}: contradicts {'.'.join(blocks)}; fill one of them.")
        node[key] = items(text) if is_list else text
    return block


def _inside(node: dict[str, Any], step: str, column: Column | None) -> dict[str, Any]:
    inside = node.setdefault(step, {})
    if not isinstance(inside, dict):
        inside = node[step] = {column.short if column and column.short else _REFUSED: inside}
    return inside


def _remember(draft: _Draft, row: Row, path: Path_) -> None:
    """Keeps where the row and its cells stand, filled cells first, so that a missing key names its empty cell."""
    draft.places.setdefault(path[:-1], row.place())
    # A component without a type is one mistake of the whole block; the cell of the type is where to mend it.
    draft.places[path] = row.place("type" if row.filled.get("type") not in TYPES else "")
    names = [*row.filled, *(name for name in row.cells if name not in row.filled)]
    for name in names:
        if row.sheet.form == "pair" and name in row.sheet.columns:
            draft.places[(*path, list(row.sheet.columns).index(name))] = row.place(name)
        steps = tuple(name.split("."))
        for depth in range(1, len(steps) + 1):
            draft.places.setdefault((*path, *steps[:depth]), row.place(name))
    if row.sheet.name in PARENTS:
        known = draft.rows[row.sheet.name]
        key = row.filled.get("id") or row.filled.get("kpi", "")
        known.setdefault(key, path)
