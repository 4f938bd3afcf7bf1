"""CSV files for other systems: UTF-8, comma, CRLF, no formulas, money with exactly its currency's decimals."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from attain.company import minor_units
from attain.errors import Corrupt

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Writes `rows` under `header`; texts a spreadsheet would take for a formula get an apostrophe."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows([_cell(value) for value in row] for row in rows)


def amount(value: Decimal, currency: str) -> Decimal:
    """Money as it is paid: with the currency's decimals. Raises Corrupt when that would change the amount."""
    shown = value.quantize(Decimal(1).scaleb(-minor_units(currency)))
    if shown != value:
        raise Corrupt(f"{value} {currency} is not payable: it has more decimals than the currency.")
    return shown


def file_part(text: str) -> str:
    """`text` as part of a file's name: letters and digits of any script, everything else a dash."""
    return re.sub(r"[^\w]+", "-", text).strip("-") or "none"


def _cell(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
