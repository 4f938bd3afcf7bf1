"""Finds the header row of a table and makes its names usable."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from attain.errors import InputError
from attain.rows import BLANKS

# Names landing and conforming use for themselves.
_RESERVED = {"_row", "_file_index"}
# A header further down than this is not looked for.
SEARCHED_ROWS = 30


@dataclass(frozen=True)
class Wanted:
    """The source columns a reader looks for: a header must hold the `required`, `known` help to find it."""

    required: tuple[str, ...]
    known: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Changes when another header might be found."""
        return hashlib.sha256("\n".join((*self.required, "", *self.known)).encode()).hexdigest()[:12]

    def missing(self, names: Sequence[str]) -> tuple[str, ...]:
        """Required columns that are not among `names` (compared without regard to case)."""
        present = {_plain(name) for name in names}
        return tuple(name for name in self.required if _plain(name) not in present)

    def matches(self, names: Sequence[str]) -> int:
        """How many of `names` are known."""
        known = {_plain(name) for name in (*self.required, *self.known)}
        return len({_plain(name) for name in names} & known)


def find(rows: Sequence[Sequence[str]], wanted: Wanted) -> int | None:
    """Index of the header: the first row with all required columns, else the first of those with most
    known ones, else the first filled row. None when all rows are blank."""
    filled = [index for index, row in enumerate(rows[:SEARCHED_ROWS]) if any(_plain(cell) for cell in row)]
    if not filled:
        return None
    complete = next((index for index in filled if wanted.required and not wanted.missing(rows[index])), None)
    return complete if complete is not None else max(filled, key=lambda index: wanted.matches(rows[index]))


def clean(cells: Sequence[str], label: str) -> list[str]:
    """Column names from header cells: trimmed, on one line, nameless ones numbered.

    Raises InputError when a name stands twice, because nobody could say which of the two is meant.
    """
    names: list[str] = []
    places: dict[str, int] = {}
    for index, cell in enumerate(cells, start=1):
        name = re.sub(r"[\s\0\ufeff\u200b]+", " ", cell).strip() or f"column_{index}"
        if name.casefold() in _RESERVED:
            name = f"delivered{name}"
        if name.casefold() in places:
            raise InputError(
                f"{label}: the column {name!r} stands twice in the header (columns {places[name.casefold()]} "
                f"and {index}); rename or remove one of them. Nothing of this file was loaded."
            )
        places[name.casefold()] = index
        names.append(name)
    return names


def missing_sentence(label: str, names: Sequence[str], wanted: Wanted) -> str | None:
    """A warning naming required columns the header lacks; None when it has all."""
    missing = wanted.missing(names)
    if not missing:
        return None
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return (
        f"{label}: the header lacks the required column{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
        f" (it has {shown}); its rows will be quarantined until the file or a mapping names them."
    )


def _plain(cell: str) -> str:
    return re.sub(r"\s+", " ", cell.strip(BLANKS + "\0")).casefold()
