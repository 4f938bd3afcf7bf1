"""Tables of text, and how figures are written in them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from attain.company import minor_units
from attain.simulation.figures import Pair
from attain.simulation.spread import percent

NONE = "–"


@dataclass(frozen=True)
class Row:
    """Cells of text; `bars` are widths in percent, in force and draft (or one alone); kind: line or total."""

    cells: tuple[str, ...]
    kind: str = "line"
    bars: tuple[int, ...] = ()


@dataclass(frozen=True)
class Table:
    """A section; the first `texts` columns are text, the others numbers."""

    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    texts: int = 1


def shown(amount: Decimal, currency: str, sign: bool = False) -> str:
    """Money rounded half up to the currency's decimals, grouped; with its sign when asked."""
    cents = round_half_up(amount, minor_units(currency))
    return f"{cents:{'+' if sign and cents else ''},f}"


def round_half_up(amount: Decimal, places: int) -> Decimal:
    """The amount with so many places, ties away from zero; never a negative zero."""
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + Decimal(0)


def share_text(part: Decimal, whole: Decimal) -> str:
    """part ÷ whole as `12.5 %`, a dash where there is no whole."""
    found = percent(part, whole)
    return NONE if found is None else f"{found} %"


def change_text(pair: Pair) -> str:
    """The change in percent with its sign, a dash where there is nothing to compare with."""
    if pair.percent is None:
        return NONE
    return f"{pair.percent:+} %" if pair.percent else "0.0 %"
