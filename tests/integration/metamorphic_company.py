"""A sample company with the parts of pay that depend on order, and its inbox delivered in other ways that say the same.

Every change of the inbox keeps what a delivery means: which of two rows of one key came later, and which rows a totals
row adds up. Rows move inside their file, files are cut at rows, files come again in the order they came first.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from attain import sample
from attain.sample.files import DIALECTS, Dialect

UNTIL = dt.date(2025, 6, 30)
PERIOD = "2025-06"
NOW = dt.datetime(2025, 7, 3, 8, tzinfo=dt.UTC)

# What the sample's own plans lack: a pool with remainders, prizes with ties, cash and holdbacks, advances.
_MORE_COMPONENTS = """\
  - id: cash_commission
    type: commission
    measure: bookings
    accumulate: month
    rates: {on: amount, mode: marginal, tiers: [{from: 0, rate: 0.003}, {from: 100000, rate: 0.005}]}
    pay: {when: collected, holdback: {share: 0.3, release_after_days: 30}}
    clawback: {on: [refund, cancel], within_days: 365, charge: original_rate, share: 1.0}
  - {id: team_pool, type: pool, period: month, amount: {rate: 0.0007, of: bookings}, share_by: equal, within: team}
  - {id: race, type: contest, kpi: contract_count, period: month, prizes: [1000, 500, 101], within: company}
  - {id: early_bird, type: spiff, amount: 66, per: deal, where: {deal_type: [new]}, limit: 2}
  - {id: advance, type: draw, amount: 4000, period: month, recoverable: true, of: [cash_commission, race]}
  - {id: poor_result, type: deduction, share: 0.1, of: [cash_commission], when: {grade: [C, D]}, floor: 0}
"""

Lines = list[str]


@dataclass(frozen=True)
class Delivered:
    """A CSV file of the inbox: how it was written, its header and the rows under it, as text, a totals row apart."""

    path: Path
    dialect: Dialect
    header: str
    rows: Lines
    totals: Lines

    @property
    def stream(self) -> str:
        """The stream the file is named after."""
        return self.path.stem if self.path.parent.name == "inbox" else self.path.parent.name


def write(folder: Path, people: int, months: int, deals: int) -> None:
    """The company, inbox filled; dirty rows where a stream is long enough for them."""
    sample.generate(folder, until=UNTIL, seed=11, people=people, months=months, deals=deals)
    for plan in (folder / "plans").glob("ae-*.yml"):
        plan.write_text(plan.read_text(encoding="utf-8") + _MORE_COMPONENTS, encoding="utf-8")


def shuffled_and_split(inbox: Path, seed: int) -> None:
    """Every file's rows in another order, and every file without a totals row cut into three."""
    dice = random.Random(seed)
    for file in _files(inbox):
        rows = list(file.rows)
        dice.shuffle(rows)
        assert len(rows) < 8 or rows != file.rows
        file.path.unlink()
        if file.totals or len(rows) < 3:
            _write(file, file.path, rows + file.totals)
            continue
        folder = inbox / file.stream
        folder.mkdir(exist_ok=True)
        cuts = [0, len(rows) // 5, len(rows) // 2, len(rows)]
        for number, (start, end) in enumerate(itertools.pairwise(cuts), start=1):
            _write(file, folder / f"{file.path.stem}-part-{number}.csv", rows[start:end])


def again_in_every_format(inbox: Path) -> None:
    """Every file comes a second time after all others of its stream: as CSV, Parquet or Excel, in turn."""
    formats: list[Callable[[Delivered, Path], None]] = [_again_csv, _again_parquet, _again_excel]
    for number, file in enumerate(_files(inbox)):
        (inbox / file.stream).mkdir(exist_ok=True)
        # Letters come after the digits and the names the sample uses.
        formats[number % len(formats)](file, inbox / file.stream / f"z-again-{file.path.stem}")


def _files(inbox: Path) -> list[Delivered]:
    return [_read(path) for path in sorted(inbox.rglob("*.csv"))]


def _read(path: Path) -> Delivered:
    dialect = DIALECTS.get(path.stem, Dialect())
    header, *rows = _rows(path.read_text(encoding=_encoding(dialect)))
    totals = [row for row in rows if row.startswith("合计")]
    return Delivered(path, dialect, header, [row for row in rows if row not in totals], totals)


def _rows(text: str) -> Lines:
    """The rows as they were written; a quoted cell may hold line breaks."""
    rows: Lines = []
    for line in text.removesuffix("\n").split("\n"):
        if rows and rows[-1].count('"') % 2:
            rows[-1] += f"\n{line}"
        else:
            rows.append(line)
    return rows


def _write(file: Delivered, path: Path, lines: Lines) -> None:
    text = "\n".join([file.header, *lines]) + "\n"
    path.write_text(text, encoding=_encoding(file.dialect), newline="")


def _encoding(dialect: Dialect) -> str:
    return "utf-8-sig" if dialect.byte_order_mark else dialect.encoding


def _again_csv(file: Delivered, path: Path) -> None:
    _write(file, path.with_suffix(".csv"), file.rows + file.totals)


def _again_parquet(file: Delivered, path: Path) -> None:
    names, rows = _cells(file)
    columns = [pa.array([row[place] or None for row in rows], pa.string()) for place in range(len(names))]
    pq.write_table(pa.table(dict(zip(names, columns, strict=True))), path.with_suffix(".parquet"))


def _again_excel(file: Delivered, path: Path) -> None:
    names, rows = _cells(file)
    with xlsxwriter.Workbook(str(path.with_suffix(".xlsx")), {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet(file.stream)
        for number, row in enumerate([names, *rows]):
            sheet.write_row(number, 0, row)


def cells(path: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a CSV file of the inbox, without totals."""
    return _cells(_read(path))


def _cells(file: Delivered) -> tuple[list[str], list[list[str]]]:
    """Header and rows as cells; what does not fit the header exists in CSV only."""
    text = io.StringIO("\n".join([file.header, *file.rows]), newline="")
    names, *rows = csv.reader(text, delimiter=file.dialect.separator)
    return names, [row for row in rows if len(row) == len(names)]
