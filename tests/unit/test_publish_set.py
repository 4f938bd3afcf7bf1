"""The published set: versioned, sealed, swapped in one step; what readers, kills and damage do to it."""

from __future__ import annotations

import datetime as dt
import errno
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from attain.company import minor_units
from attain.errors import AttainError, Corrupt
from attain.publish import set as sets
from attain.publish.set_seal import SetFacts
from attain.publish.tables import content_hash

NOW = dt.datetime(2026, 11, 2, 8, 0, tzinfo=dt.UTC)
COMPANY = SimpleNamespace(
    name="Northwind", currency="CNY", locale="en", minor_units=lambda code=None: minor_units(code or "CNY")
)

_TEXT = "varchar"
_MONEY = "decimal(24,6)"


def columns(texts: str, moneys: str) -> str:
    typed = [f"{name} {_TEXT}" for name in texts.split()] + [f"{name} {_MONEY}" for name in moneys.split()]
    return ", ".join(typed)


TABLES = {
    "commission_table": columns(
        "participant_id period name team currency status run_id",
        "gross_earned adjustments draws deductions payable",
    ),
    "payouts": columns(
        "participant_id period plan component currency status plan_version run_id",
        "earned payable adjustment held released clawed_back drawn recovered balance_owed",
    ),
    "ledger": columns(
        "entry_id booked_period origin_period participant_id plan component kind currency run_id", "amount"
    ),
    "kpi_values": columns("scope scope_id kpi period slice variant run_id", "value"),
}


def build_run(folder: Path, *, payable: str = "18000", run_id: str = "r1", backwards: bool = False) -> Path:
    """A run's folder with a small attain.duckdb as dbt leaves it."""
    folder.mkdir(parents=True)
    people = ["ann", "bob", "cyd"]
    with duckdb.connect(str(folder / "attain.duckdb")) as con:
        con.execute("create schema marts; create schema settlement")
        con.execute(f"create table settlement.close_entries ({TABLES['ledger']})")
        for table, columns in TABLES.items():
            con.execute(f"create table marts.{table} ({columns})")
        for person in reversed(people) if backwards else people:
            con.execute(
                "insert into marts.commission_table values (?, '2026-10', ?, 'North', 'CNY', 'open', ?, ?, 0, 0, 0, ?)",
                [person, person.title(), run_id, payable, payable],
            )
            con.execute(
                "insert into marts.kpi_values values ('participant', ?, 'bookings', '2026-10', 'all', '', ?, 5)",
                [person, run_id],
            )
    return folder


def publish(run: Path, home: Path, **changes: Any) -> sets.PublishedSet:
    given = {"period": "2026-10", "run_id": "r1", "keep": 3, "now": NOW, **changes}
    facts = SetFacts(
        company=COMPANY,
        period=given["period"],
        run_id=given["run_id"],
        as_of=NOW,
        quality_page="<html>fine</html>",
        provenance={"batches": ["b1"]},
    )
    return sets.publish(run, home, facts=facts, keep=given["keep"], now=given["now"])


def payable(database: Path) -> list[Any]:
    with duckdb.connect(str(database), read_only=True) as con:
        return con.execute("select payable::varchar from marts.commission_table order by 1").fetchall()


def test_a_set_holds_every_file_read_only_and_under_its_seal(tmp_path: Path, home: Path) -> None:
    made = publish(build_run(tmp_path / "run"), home)
    assert made.is_new
    assert made.name == f"2026-10-{made.hash[:12]}-1"
    files = {str(path.relative_to(made.folder)): path for path in made.folder.rglob("*") if path.is_file()}
    assert set(files) == {
        "attain.duckdb",
        "commission_table.xlsx",
        "quality.html",
        "seal.json",
        *(f"parquet/{table}.parquet" for table in TABLES),
    }
    assert {oct(path.stat().st_mode & 0o777) for path in files.values()} == {"0o444"}
    assert sets.verify(made.folder).hash == made.hash
    assert made.seal["provenance"] == {"batches": ["b1"]}
    assert made.seal["run_id"] == "r1"


def test_readers_reach_the_set_through_the_links(tmp_path: Path, home: Path) -> None:
    made = publish(build_run(tmp_path / "run"), home)
    published = home / "published"
    assert os.readlink(published / "current") == f"sets/{made.name}"
    assert payable(published / "attain.duckdb") == [("18000.000000",)] * 3
    rows = duckdb.sql(f"select participant_id from '{published}/parquet/commission_table.parquet'").fetchall()
    assert rows == [("ann",), ("bob",), ("cyd",)]
    found = sets.current(home)
    assert found is not None
    assert (found.folder, found.period) == (made.folder, "2026-10")


def test_parquet_rows_stand_in_the_order_of_the_grain_whatever_the_order_they_were_built_in(
    tmp_path: Path, home: Path
) -> None:
    forwards = publish(build_run(tmp_path / "one"), home)
    other = publish(build_run(tmp_path / "two", backwards=True), tmp_path / "other")
    name = "parquet/commission_table.parquet"
    assert (forwards.folder / name).read_bytes() == (other.folder / name).read_bytes()
    assert forwards.hash == other.hash


def test_the_same_content_is_not_published_again(tmp_path: Path, home: Path) -> None:
    first = publish(build_run(tmp_path / "one"), home)
    again = publish(build_run(tmp_path / "two", run_id="r2", backwards=True), home, run_id="r2")
    assert not again.is_new
    assert again.folder == first.folder
    assert [path.name for path in (home / "published" / "sets").iterdir()] == [first.name]
    assert (tmp_path / "two" / "attain.duckdb").exists()


def test_another_period_with_equal_tables_is_another_set(tmp_path: Path, home: Path) -> None:
    first = publish(build_run(tmp_path / "one"), home)
    second = publish(build_run(tmp_path / "two"), home, period="2026-09")
    assert second.is_new
    assert second.hash != first.hash


def test_a_damaged_current_set_is_replaced_though_the_content_is_the_same(tmp_path: Path, home: Path) -> None:
    first = publish(build_run(tmp_path / "one"), home)
    page = first.folder / "quality.html"
    page.chmod(0o644)
    page.write_text("tampered")
    with pytest.raises(Corrupt, match=r"quality\.html: is missing or differs"):
        sets.verify(first.folder)
    second = publish(build_run(tmp_path / "two"), home)
    assert second.is_new
    assert (second.hash, second.name) == (first.hash, f"2026-10-{first.hash[:12]}-2")
    assert sets.verify(second.folder)


def test_a_file_that_was_added_to_a_set_is_noticed(tmp_path: Path, home: Path) -> None:
    made = publish(build_run(tmp_path / "run"), home)
    (made.folder / "attain.duckdb.wal").write_bytes(b"x")
    with pytest.raises(Corrupt, match=r"attain\.duckdb\.wal: does not belong"):
        sets.verify(made.folder)


def test_a_reader_keeps_its_set_while_new_ones_are_published_and_old_ones_collected(tmp_path: Path, home: Path) -> None:
    publish(build_run(tmp_path / "one", payable="1"), home)
    reader = duckdb.connect(str(home / "published" / "attain.duckdb"), read_only=True)
    for number in range(2, 5):
        later = NOW + dt.timedelta(hours=number)
        publish(build_run(tmp_path / str(number), payable=str(number)), home, keep=1, now=later)
    assert reader.execute("select max(payable)::varchar from marts.commission_table").fetchone() == ("1.000000",)
    reader.close()
    assert payable(home / "published" / "attain.duckdb") == [("4.000000",)] * 3


def test_sets_beyond_the_kept_number_go_unless_they_are_young(tmp_path: Path, home: Path) -> None:
    names = [
        publish(
            build_run(tmp_path / str(hour), payable=str(hour)),
            home,
            keep=2,
            now=NOW + dt.timedelta(hours=hour),
        ).name
        for hour in range(4)
    ]
    folder = home / "published" / "sets"
    assert sorted(path.name for path in folder.iterdir()) == sorted(names[2:])
    soon = NOW + dt.timedelta(hours=3, minutes=5)
    last = publish(build_run(tmp_path / "soon", payable="77"), home, keep=1, now=soon).name
    # The set of 11:00 is five minutes old: somebody may be opening its files; the one of 10:00 is not.
    assert sorted(path.name for path in folder.iterdir()) == sorted([names[3], last])


def test_what_a_killed_publication_left_is_collected(tmp_path: Path, home: Path) -> None:
    half = home / "published" / "sets" / ".building-2026-10-abc-1" / "parquet"
    half.mkdir(parents=True)
    (home / "published" / ".building-current").symlink_to("sets/nowhere")
    made = publish(build_run(tmp_path / "run"), home)
    assert [path.name for path in (home / "published" / "sets").iterdir()] == [made.name]
    assert sorted(path.name for path in (home / "published").iterdir()) == [
        "attain.duckdb",
        "current",
        "parquet",
        "sets",
    ]


@pytest.mark.parametrize("step", ["write_parquet", "write_commission_workbook", "write_seal", "sealed.sync"])
def test_a_full_disk_leaves_the_current_set_and_a_sentence(
    step: str, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(build_run(tmp_path / "one"), home)

    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"attain.publish.set.{step}", full)
    with pytest.raises(AttainError, match="There is no space left"):
        publish(build_run(tmp_path / "two", payable="5"), home)
    monkeypatch.undo()
    assert [path.name for path in (home / "published" / "sets").iterdir()] == [first.name]
    assert sets.current(home) == sets.PublishedSet(first.folder, first.seal)
    assert sets.verify(first.folder)


def test_a_kill_between_sealing_and_pointing_shows_the_old_set_and_heals(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(build_run(tmp_path / "one"), home)

    def killed(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sets, "_point", killed)
    with pytest.raises(KeyboardInterrupt):
        publish(build_run(tmp_path / "two", payable="5"), home)
    monkeypatch.undo()
    found = sets.current(home)
    assert found is not None
    assert found.folder == first.folder
    third = publish(build_run(tmp_path / "three", payable="5"), home)
    assert third.name.endswith("-3")
    assert payable(home / "published" / "attain.duckdb") == [("5.000000",)] * 3


def test_a_run_without_a_database_is_refused_in_a_sentence(tmp_path: Path, home: Path) -> None:
    (tmp_path / "run").mkdir()
    with pytest.raises(Corrupt, match="the run has not built it; nothing was published"):
        publish(tmp_path / "run", home)
    assert sets.current(home) is None


def test_a_pointer_that_leads_nowhere_is_named(home: Path) -> None:
    (home / "published").mkdir()
    (home / "published" / "current").symlink_to("sets/gone")
    with pytest.raises(Corrupt, match="the seal cannot be read"):
        sets.current(home)


def hash_of(definition: str, *rows: str) -> str:
    with duckdb.connect() as con:
        con.execute(f"create schema marts; create table marts.t ({definition})")
        for row in rows:
            con.execute(f"insert into marts.t values {row}")
        return content_hash(con, "t")


BASE = hash_of("a integer, b varchar", "(1, 'x')", "(2, 'y')")


@pytest.mark.parametrize(
    ("definition", "rows"),
    [
        ("a integer, b varchar", ["(2, 'y')", "(1, 'x')"]),
        ("a integer, b varchar, run_id varchar", ["(1, 'x', 'r1')", "(2, 'y', 'r2')"]),
        ("a integer, b varchar, made_at timestamp", ["(1, 'x', '2026-01-01')", "(2, 'y', null)"]),
        ("a integer, b varchar, made_at timestamptz", ["(1, 'x', '2026-01-01')", "(2, 'y', null)"]),
    ],
)
def test_content_is_equal_whatever_the_order_run_or_instant(definition: str, rows: list[str]) -> None:
    assert hash_of(definition, *rows) == BASE


@pytest.mark.parametrize(
    ("definition", "rows"),
    [
        ("a integer, b varchar", ["(1, 'x')", "(2, 'z')"]),
        ("a integer, b varchar", ["(1, 'y')", "(2, 'x')"]),
        ("a integer, b varchar", ["(1, 'x')", "(2, 'y')", "(2, 'y')", "(2, 'y')"]),
        ("a integer, b varchar", ["(1, 'x')"]),
        ("a integer, b varchar", ["(1, 'x')", "(2, null)"]),
        ("a bigint, b varchar", ["(1, 'x')", "(2, 'y')"]),
        ("a integer, c varchar", ["(1, 'x')", "(2, 'y')"]),
        ("a integer, b varchar, on_day date", ["(1, 'x', '2026-01-01')", "(2, 'y', '2026-01-01')"]),
    ],
)
def test_content_differs_by_value_pairing_number_type_and_name(definition: str, rows: list[str]) -> None:
    assert hash_of(definition, *rows) != BASE


def test_an_empty_table_has_a_hash_and_null_is_not_empty_text() -> None:
    assert hash_of("a varchar") != hash_of("b varchar")
    assert hash_of("a varchar", "('')") != hash_of("a varchar", "(null)")
