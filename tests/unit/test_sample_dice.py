"""The sample's randomness is whole numbers from raw bits, one stream per table."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow as pa

from attain.sample import columns
from attain.sample.dice import Dice
from attain.sample.files import CsvFile, Dialect
from attain.sample.scale import Scale, shared_out


def test_a_stream_is_the_same_on_every_machine_and_version() -> None:
    assert Dice(7, "deals", 3).below(1000, 5).tolist() == [30, 957, 909, 185, 806]


def test_tables_and_parts_have_streams_of_their_own() -> None:
    streams = {tuple(Dice(7, table, part).raw(4).tolist()) for table in ("deals", "leads") for part in (0, 1)}
    assert len(streams) == 4


def test_spread_gives_every_weight_its_share_almost_exactly() -> None:
    chosen = np.bincount(Dice(7, "x").spread((10, 30, 60), 1000), minlength=3).tolist()
    assert all(abs(count - share) <= 1 for count, share in zip(chosen, (100, 300, 600), strict=True))


def test_a_table_of_quantiles_is_met() -> None:
    values = np.sort(Dice(7, "x").table((0, 10, 1000), 100_000))
    assert (int(values[0]), int(values[-1]) <= 1000) == (0, True)
    assert 9 <= int(values[50_000]) <= 12


def test_whole_parts_add_up_and_the_largest_remainders_get_the_rest() -> None:
    assert shared_out(10, [1, 1, 1]) == [4, 3, 3]
    assert shared_out(7, [1, 2, 4]) == [1, 2, 4]
    assert sum(shared_out(1_000_003, [78, 72, 112])) == 1_000_003


def test_money_columns_are_exact_for_large_and_negative_cents() -> None:
    cents = np.asarray([-1, 0, 5, 123_456_789_012_345, -100], dtype=np.int64)
    empty = np.asarray([False, False, True, False, False])
    assert columns.money(cents, empty).cast(pa.string()).to_pylist() == [
        "-0.01",
        "0.00",
        None,
        "1234567890123.45",
        "-1.00",
    ]
    assert columns.ten_thousandths(np.asarray([3334, 10_000])).cast(pa.string()).to_pylist() == [
        "0.3334",
        "1.0000",
    ]


def test_ids_days_and_instants_are_written_as_the_files_need_them() -> None:
    assert columns.ids("D", 4, np.asarray([7, 9999])).to_pylist() == ["D0007", "D9999"]
    assert columns.days(np.asarray([0, 20_757])).cast(pa.string()).to_pylist() == ["1970-01-01", "2026-10-31"]
    assert columns.instants(np.asarray([86_399])).to_pylist() == ["1970-01-01T23:59:59Z"]


def test_csv_quotes_what_needs_it_and_skips_empty_parts(tmp_path: Path) -> None:
    file = CsvFile(tmp_path / "x.csv", ["a", "b"], Dialect(separator=";"))
    rows = pa.table({"a": ['say "hi"', "x;y", None, "中"], "b": ["1", "two\nlines", "", "4"]})
    file.write(rows.slice(0, 0))
    file.write(pa.concat_tables([rows.slice(0, 0), rows, rows.slice(0, 0)]))
    file.close()
    expected = 'a;b\n"say ""hi""";1\n"x;y";"two\nlines"\n;\n中;4\n'
    assert (tmp_path / "x.csv").read_bytes() == expected.encode()


def test_the_first_period_opens_the_first_whole_year() -> None:
    def first_period(months: int, until: dt.date) -> str:
        return Scale(7, 60, months, 100, until, True).first_period

    assert first_period(24, dt.date(2026, 10, 31)) == "2025-01"
    assert first_period(24, dt.date(2026, 12, 31)) == "2025-01"
    assert first_period(12, dt.date(2026, 10, 31)) == "2025-11"


def test_the_deals_of_all_months_add_up_and_december_is_the_busiest() -> None:
    scale = Scale(7, 60, 24, 5760, dt.date(2026, 10, 31), True)
    assert sum(scale.deals_per_month) == 5760
    assert len(scale.deals_per_month) == 28
    assert max(scale.deals_per_month[:14]) == scale.deals_per_month[13]
