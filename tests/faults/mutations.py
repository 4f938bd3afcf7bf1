"""Files as the world delivers them: deals, spoilt in their cells, their shape, their text or their container."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

HEADER = ["deal_id", "account_id", "owner_id", "status", "amount", "created_on", "won_on", "name"]
Table = list[list[str]]

# What people, spreadsheets and exports put into a cell.
CELLS = (
    *(
        "1e3",
        "1E+05",
        "NaN",
        "nan",
        "inf",
        "-Infinity",
        "−0",
        "-0",
        "-0.00",
        "１２３４．５０",
        "１２３",
        "1,234.56",
        "1.234,56",
    ),
    *("1 234,56", "¥1,200.00", "$5", "(500)", "12%", "--", "N/A", "NULL", "null", "#REF!", "=1+1", "+1", "@SUM(A1)"),
    *("99999999999999999999999999", "0.00000000001", "1" * 400, "TRUE", "是", "2025-02-30", "0000-00-00", "9999-12-31"),
    *("2025/01/05", "05.01.2025", "20250105", "2025-01-05T10:00:00+08:00", "45678", "二〇二五年", "'2025-01-05"),
    *(
        "",
        " ",
        "\u3000",
        "\u00a0",
        "\u200b",
        "\ufeff",
        "\x00",
        "a\x00b",
        "\t",
        "😀",
        "Ünïcödé",
        "𠮷野家",
        "e\u0301",
        "\u202eabc",
    ),
    *(
        '"',
        '""',
        "O'Hara",
        'say "hi"',
        "a,b",
        "a;b",
        "line\nbreak",
        "line\r\nbreak",
        "\\N",
        "\\",
        "'; drop table deals; --",
    ),
    *(
        "{{ config() }}",
        "{% raw %}",
        "${HOME}",
        "<script>",
        "$path",
        "?",
        ":name",
        "won",
        "WON",
        "Won ",
        "lost",
        "draft",
    ),
)
SIZES = {"small": 1 << 10, "large": 1 << 20, "huge": 10 << 20}


@dataclass(frozen=True)
class Mutant:
    """A file for the stream deals. `rows`: its data rows as a person counts them, None where nobody could say."""

    name: str
    content: bytes
    rows: int | None
    what: str


def mutants(count: int, seed: int, *, huge_every: int = 200) -> list[Mutant]:
    """That many files, the same for the same seed; every so many hold a cell of 10 MB."""
    return [_mutant(random.Random(seed * 100_003 + number), number, huge_every) for number in range(count)]


def _mutant(dice: random.Random, number: int, huge_every: int) -> Mutant:
    table = _sound(number, dice.randint(1, 12))
    told = []
    for _ in range(dice.randint(0, 4)):
        name, spoil = dice.choice(_CELL_SPOILERS)
        spoil(dice, table)
        told.append(name)
    if number % huge_every == huge_every - 1:
        table[1][7] = "x" * SIZES["huge"]
        told.append("a cell of 10 MB")
    shape, change = dice.choice(_SHAPES)
    change(dice, table)
    container, write = dice.choice(_CONTAINERS)
    content, is_sound = write(dice, table)
    rows = len(table) - 1 if is_sound and shape != "blank rows between" else None
    return Mutant(f"m{number:05}.{container}", content, rows, ", ".join([*told, shape, write.__name__.strip("_")]))


def _sound(number: int, rows: int) -> Table:
    return [
        list(HEADER),
        *(
            [
                f"m{number}-{row}",
                "acme",
                ("ann", "bo")[row % 2],
                "won",
                f"{100 + row}.50",
                "2024-12-01",
                "2025-01-10",
                f"D{row}",
            ]
            for row in range(rows)
        ),
    ]


def _cell(dice: random.Random, table: Table) -> None:
    table[dice.randint(1, len(table) - 1)][dice.randrange(len(HEADER))] = dice.choice(CELLS)


def _column_of_cells(dice: random.Random, table: Table) -> None:
    column = dice.randrange(1, len(HEADER))
    for row in table[1:]:
        row[column] = dice.choice(CELLS)


def _same_id(dice: random.Random, table: Table) -> None:
    table[-1][0] = table[1][0]


def _foreign_id(dice: random.Random, table: Table) -> None:
    table[-1][0] = f"d0{dice.randint(1, 9)}"


def _large_cell(dice: random.Random, table: Table) -> None:
    table[-1][7] = dice.choice("xé") * SIZES[dice.choice(["small", "large"])]


_CELL_SPOILERS: tuple[tuple[str, Callable[[random.Random, Table], None]], ...] = (
    ("cell", _cell),
    ("cell", _cell),
    ("column of cells", _column_of_cells),
    ("same id twice", _same_id),
    ("id of another file", _foreign_id),
    ("large cell", _large_cell),
)


def _as_it_is(dice: random.Random, table: Table) -> None:
    pass


def _reordered(dice: random.Random, table: Table) -> None:
    order = dice.sample(range(len(HEADER)), len(HEADER))
    table[:] = [[row[index] for index in order] for row in table]


def _renamed(dice: random.Random, table: Table) -> None:
    column = dice.randrange(len(HEADER))
    table[0][column] = dice.choice(
        ["Betrag", "金额", table[0][column].upper(), f" {table[0][column]} ", "", "_row", "a.b", 'q"q']
    )


def _added(dice: random.Random, table: Table) -> None:
    at = dice.randrange(len(HEADER) + 1)
    for index, row in enumerate(table):
        row.insert(at, dice.choice(["extra", "备注", "_batch_id", "Extra 1", "select"]) if index == 0 else str(index))


def _twice(dice: random.Random, table: Table) -> None:
    for row in table:
        row.append(row[4])


def _taken_away(dice: random.Random, table: Table) -> None:
    column = dice.randrange(len(HEADER))
    for row in table:
        del row[column]


def _totals(dice: random.Random, table: Table) -> None:
    width = len(table[0])
    table.append([dice.choice(["合计", "Total", "总计:", "Grand total", "total"]), *[""] * (width - 2), "999"])


def _blank_rows(dice: random.Random, table: Table) -> None:
    for _ in range(dice.randint(1, 3)):
        table.insert(dice.randint(1, len(table)), [""] * len(table[0]))


def _header_alone(dice: random.Random, table: Table) -> None:
    del table[1:]


_SHAPES: tuple[tuple[str, Callable[[random.Random, Table], None]], ...] = (
    ("as it is", _as_it_is),
    ("as it is", _as_it_is),
    ("columns reordered", _reordered),
    ("column renamed", _renamed),
    ("column added", _added),
    ("column twice", _twice),
    ("column taken away", _taken_away),
    ("totals row", _totals),
    ("blank rows between", _blank_rows),
    ("header alone", _header_alone),
)


def _text(table: Table, **options: object) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, **{"lineterminator": "\n", **options}).writerows(table)  # type: ignore[call-overload]
    return buffer.getvalue()


def _csv(dice: random.Random, table: Table) -> tuple[bytes, bool]:
    options: dict[str, object] = {
        "delimiter": dice.choice(",;\t"),
        "lineterminator": dice.choice(["\n", "\r\n"]),
        "quoting": dice.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    }
    text = dice.choice(["", "\ufeff", f"sep={options['delimiter']}\n"]) + _text(table, **options)
    # A separator that is also in the values, or a NUL, is for the reader to make the best of.
    return text.encode(), all(not set(cell) & set(',;\t\0\n\r"') for row in table for cell in row)


def _csv_of_other_encoding(dice: random.Random, table: Table) -> tuple[bytes, bool]:
    encoding = dice.choice(["gb18030", "utf-16", "utf-16-le", "latin-1", "cp1252", "shift_jis", "utf-8-sig"])
    return _text(table).encode(encoding, errors="replace"), False


def _csv_of_broken_quotes(dice: random.Random, table: Table) -> tuple[bytes, bool]:
    text = _text(table)
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(text) + 1)
        text = text[:at] + dice.choice(['"', '""', "'", ",", "\n", "\r", '",', '"\n']) + text[at:]
    return text.encode(), False


def _csv_of_broken_bytes(dice: random.Random, table: Table) -> tuple[bytes, bool]:
    data = bytearray(_text(table).encode())
    for _ in range(dice.randint(1, 6)):
        action, at = dice.choice("ric"), dice.randrange(len(data)) if data else 0
        if action == "r" and data:
            data[at] = dice.randrange(256)
        elif action == "i":
            data[at:at] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 8)))
        else:
            del data[at:]
    return bytes(data), False


def _csv_of_ragged_rows(dice: random.Random, table: Table) -> tuple[bytes, bool]:
    for row in table[1:]:
        if dice.random() < 0.4:
            row.extend(["more"] * dice.randint(1, 3)) if dice.random() < 0.5 else row.pop()
    return _text(table).encode(), False


def _workbook(dice: random.Random, table: Table) -> tuple[bytes, bool]:
    import openpyxl
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row, cells in enumerate(table, start=1):
        for column, cell in enumerate(cells, start=1):
            try:
                sheet.cell(row, column).value = _typed(dice, cell) if row > 1 else cell
            except IllegalCharacterError:
                sheet.cell(row, column).value = "illegal"
    if dice.random() < 0.3:
        sheet.merge_cells(start_row=1, end_row=dice.randint(1, 3), start_column=1, end_column=dice.randint(2, 4))
    if dice.random() < 0.2:
        book.create_sheet("Notes").append(["nothing"])
    buffer = io.BytesIO()
    book.save(buffer)
    return _undated(buffer.getvalue()), False


def _undated(workbook: bytes) -> bytes:
    """The same workbook without the moment it was written at, which stands in its entries and its properties."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as before, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]{8}Z", b"2026-01-01T00:00:00Z", before.read(name))
            after.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _typed(dice: random.Random, cell: str) -> object:
    try:
        return float(cell) if dice.random() < 0.7 and len(cell) < 300 else cell[:32_000]
    except ValueError:
        return cell[:32_000]


def _broken_workbook(dice: random.Random, table: Table) -> tuple[bytes, bool]:
    data = bytearray(_workbook(dice, table)[0])
    if dice.random() < 0.3:
        return bytes(data[: dice.randrange(len(data))]), False
    for _ in range(dice.randint(1, 20)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(data), False


def _parquet(dice: random.Random, table: Table) -> tuple[bytes, bool]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names, rows = table[0], table[1:]
    columns = [pa.array([row[index] for row in rows], pa.string()) for index in range(len(names))]
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns, names=names), buffer)
    return buffer.getvalue(), all(any(cell for cell in row) for row in rows)


def _broken_parquet(dice: random.Random, table: Table) -> tuple[bytes, bool]:
    data = bytearray(_parquet(dice, table)[0])
    for _ in range(dice.randint(1, 8)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(data[: dice.choice([len(data), dice.randrange(len(data))])]), False


_CONTAINERS: tuple[tuple[str, Callable[[random.Random, Table], tuple[bytes, bool]]], ...] = (
    ("csv", _csv),
    ("csv", _csv),
    ("csv", _csv),
    ("csv", _csv_of_other_encoding),
    ("csv", _csv_of_broken_quotes),
    ("csv", _csv_of_broken_bytes),
    ("csv", _csv_of_ragged_rows),
    ("xlsx", _workbook),
    ("xlsx", _broken_workbook),
    ("parquet", _parquet),
    ("parquet", _broken_parquet),
)
