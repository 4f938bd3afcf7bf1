"""Parquet drops: typed values become text without loss."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.unit.drops import Drops

from attain.errors import InputError
from attain.sources.parquet_files import as_text

MOMENT = dt.datetime(2026, 1, 31, 8, 30, 5, 120_000)


@pytest.fixture
def drops(tmp_path: Path) -> Drops:
    return Drops(tmp_path)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (pa.array([0.1, 120000.0, 1e20, 1e-7, float("nan"), None]),
         ["0.1", "120000", "100000000000000000000", "0.0000001", None, None]),
        (pa.array([0.1], pa.float32()), ["0.1"]),
        (pa.array([Decimal("1.50"), Decimal("0.0000001")], pa.decimal128(20, 7)), ["1.5000000", "0.0000001"]),
        (pa.array([2**63 - 1, -1]), ["9223372036854775807", "-1"]),
        (pa.array([True, None]), ["true", None]),
        (pa.array([dt.date(2026, 1, 31)]), ["2026-01-31"]),
        (pa.array([MOMENT, dt.datetime(2026, 1, 31)]), ["2026-01-31T08:30:05.12", "2026-01-31"]),
        (pa.array([MOMENT], pa.timestamp("ns", "Asia/Shanghai")), ["2026-01-31T08:30:05.12Z"]),
        (pa.array(["x", "", None]).dictionary_encode(), ["x", None, None]),
        (pa.array([{"a": [1, "x"][1]}]), ['{"a": "x"}']),
        (pa.array(["张三".encode()]), ["张三"]),
        (pa.nulls(1), [None]),
    ],
)  # fmt: skip
def test_every_type_becomes_text_without_loss(values: pa.Array, text: list[str | None]) -> None:
    found = as_text(values)
    assert found.type == pa.string()
    assert found.to_pylist() == text


def test_a_file_lands_with_rows_numbered_as_under_a_header(drops: Drops) -> None:
    table = pa.table(
        {"deal_id": ["d1", "d2"], "owner_id": ["ann", None], "status": ["won", "open"],
         "amount": pa.array([Decimal("10.50"), None], pa.decimal128(18, 2))}
    )  # fmt: skip
    file = io.BytesIO()
    pq.write_table(table, file)
    drops.drop("deals.parquet", file.getvalue())
    assert drops.land() == [(2, "d1", "ann", "won", "10.50"), (3, "d2", None, "open", None)]


def test_what_is_no_parquet_is_refused_by_name(drops: Drops) -> None:
    drops.drop("deals.parquet", b"PAR1 nonsense")
    with pytest.raises(InputError, match=r"^deals\.parquet: is not a readable Parquet file"):
        drops.extract()
    assert drops.landing.batches() == []
