"""Delivers staging_rows.yml: schemas `inputs` and `landing` as a run has them before staging.

The file of a batch is called <stream>-<batch>.csv and its first data row is row 2. A row without a field
more than its header stands for those that could not be split.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml

from attain.streams import STREAMS

Row = dict[str, str]

_INPUTS = """
create schema inputs;
create table inputs.run as select 'run-1' as run_id, 'CNY' as currency, 'Asia/Shanghai' as time_zone;
create table inputs.plans as select 'p' as plan_version_id, 'CNY' as currency;
create table inputs.plan_fx_rates (plan_version_id varchar, currency varchar, rate decimal(18, 10));
create table inputs.currencies as select unnest(['CNY', 'USD', 'EUR']) as currency;
create table inputs.kpi_catalogue as select unnest(['bookings', 'margin']) as kpi, 'money' as unit;
create schema landing;
create table landing.batches (
    batch_no integer, batch_id varchar, stream varchar, source varchar, source_ref varchar, landed_at timestamp,
    rows bigint, control_totals varchar
);
create table landing.malformed (
    batch_no integer, stream varchar, row bigint, raw varchar, rule varchar, message varchar
);
"""


@dataclass(frozen=True)
class Delivered:
    """A row and where it stands. `rule`, `field` and `value` are what quarantine must say of it; else empty."""

    stream: str
    batch: int
    row: Row
    place: str
    rule: str = ""
    field: str = ""
    value: str | None = None


def _read() -> dict[str, list[Delivered]]:
    text = (Path(__file__).parent / "staging_rows.yml").read_text(encoding="utf-8")
    written = yaml.load(text, yaml.BaseLoader)
    counts: Counter[tuple[str, str]] = Counter()
    found: dict[str, list[Delivered]] = {}
    for kind in ("standing", "replaced", "broken"):
        found[kind] = []
        for stream, batch, own, *verdict in written[kind]:
            counts[stream, batch] += 1
            row = {key: value for key, value in (written["defaults"].get(stream, {}) | own).items() if value}
            place = f"{stream}-{batch}.csv#{counts[stream, batch] + 1}"
            rule, field, value = verdict or ("", "", "")
            found[kind].append(Delivered(stream, int(batch), row, place, rule, field, value or None))
    return found


_ROWS = _read()
STANDING = _ROWS["standing"]
REPLACED = _ROWS["replaced"]
BROKEN = _ROWS["broken"]
UNREADABLE = "deals-0.csv#999"


def deliver(connection: duckdb.DuckDBPyConnection) -> None:
    """Create schemas `inputs` and `landing` with all rows, and one that could not be split."""
    connection.execute(_INPUTS)
    for stream in STREAMS.values():
        columns = [*stream.columns, "is_deleted"]
        typed = ", ".join(f"{column} varchar" for column in columns)
        connection.execute(
            f"create table landing.{stream.name} ({typed}, _batch_no integer, _row bigint, _raw struct(id varchar))"
        )
        own = [one for one in STANDING + REPLACED + BROKEN if one.stream == stream.name]
        for one in own:
            values = [one.row.get(column) for column in columns]
            number = int(one.place.split("#")[1])
            connection.execute(
                f"insert into landing.{stream.name} values ({'?, ' * len(columns)} ?, ?, {{'id': ?}})",
                [*values, _batch_no(one.stream, one.batch), number, one.row.get(stream.key[0])],
            )
        for batch, rows in Counter(one.batch for one in own).items():
            _seal(connection, stream.name, batch, rows)


def _batch_no(stream: str, batch: int) -> int:
    return batch * len(STREAMS) + list(STREAMS).index(stream) + 1


def _seal(connection: duckdb.DuckDBPyConnection, stream: str, batch: int, rows: int) -> None:
    number, name = _batch_no(stream, batch), f"{stream}-{batch}"
    if UNREADABLE.startswith(f"{name}.csv"):
        rows += 1
        connection.execute(
            "insert into landing.malformed values (?, ?, 999, 'd1,ann', 'column_count', 'It has 2 values.')",
            [number, stream],
        )
    connection.execute(
        "insert into landing.batches values (?, ?, ?, 'files', ?, cast(? as timestamp), ?, null)",
        [number, name, stream, f"{name}.csv", f"2026-02-0{batch + 1} 08:00:00", rows],
    )
