"""The inbox as a whole: which file feeds what, what is new, what is said about the rest."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.unit.drops import DEALS, NOON, Drops

from attain.errors import InputError

A, B = DEALS + "d1,ann,won,1\n", DEALS + "d1,ann,won,2\n"
# The amount that counts: that of the latest batch.
NOW = "select amount from landing.deals order by _batch_no desc limit 1"


@pytest.fixture
def drops(tmp_path: Path) -> Drops:
    return Drops(tmp_path)


def outcomes(drops: Drops) -> list[tuple[str, str]]:
    return [(one.source_ref, one.outcome) for one in drops.extract().deliveries]


def test_the_same_file_twice_lands_nothing_new(drops: Drops) -> None:
    drops.drop("deals.csv", A)
    assert outcomes(drops) == [("deals.csv", "landed")]
    again = drops.extract().deliveries[0]
    assert (again.outcome, again.delivered, again.landed, again.skipped) == ("unchanged", 1, 0, 1)
    drops.drop("deals.csv", A)
    assert outcomes(drops) == [("deals.csv", "unchanged")]
    assert len(drops.landing.batches()) == 1


def test_a_changed_file_lands_and_its_old_content_lands_again_as_the_newest(drops: Drops) -> None:
    for content in (A, B, A):
        drops.drop("deals.csv", content)
        assert outcomes(drops) == [("deals.csv", "landed")]
    assert drops.rows(NOW) == [("1",)]
    assert drops.rows("select batch_no, is_latest from landing.batches order by 1") == [
        (1, False), (2, False), (3, True),
    ]  # fmt: skip


def test_files_that_the_next_run_would_land_are_waiting_and_looking_lands_nothing(drops: Drops) -> None:
    drops.drop("deals.csv", A)
    drops.drop("notes.txt", "read by nobody")
    drops.drop("accounts.csv", "")
    assert drops.waiting() == ["deals.csv"]
    drops.extract()
    assert drops.waiting() == []
    drops.drop("deals/2.csv", A)
    assert drops.waiting() == [], "a copy of the newest file is no news"
    drops.drop("deals/3.csv", B)
    drops.drop("deals.csv", B)
    drops.drop("deals/4.xlsx", "no workbook")
    assert drops.waiting() == ["deals.csv", "deals/3.csv", "deals/4.xlsx"]
    assert len(drops.landing.deliveries()) == 1


def test_the_newest_content_under_another_name_is_no_news_not_even_after_a_later_file(drops: Drops) -> None:
    drops.drop("deals/1.csv", A)
    drops.extract()
    drops.drop("deals/2 copy.csv", A)
    assert outcomes(drops) == [("deals/1.csv", "unchanged"), ("deals/2 copy.csv", "repeated")]
    drops.drop("deals/2 copy of copy.csv", A)
    _, copy, unchanged = drops.extract().deliveries
    assert (copy.source_ref, copy.outcome, copy.skipped) == ("deals/2 copy of copy.csv", "repeated", 1)
    assert (unchanged.source_ref, unchanged.outcome, unchanged.skipped) == (
        "deals/2 copy.csv",
        "unchanged",
        1,
    )
    (drops.inbox / "deals/2 copy of copy.csv").unlink()
    drops.drop("deals/3.csv", B)
    drops.extract()
    assert outcomes(drops) == [(f"deals/{name}.csv", "unchanged") for name in ("1", "2 copy", "3")]
    assert drops.rows(NOW) == [("2",)]
    assert len(drops.landing.batches()) == 2


def test_older_content_delivered_anew_under_another_name_is_news(drops: Drops) -> None:
    drops.drop("deals/1.csv", A)
    drops.drop("deals/2.csv", B)
    drops.extract()
    drops.drop("deals/3.csv", A)
    assert outcomes(drops)[-1] == ("deals/3.csv", "landed")
    assert drops.rows(NOW) == [("1",)]


def test_files_of_a_stream_land_in_name_order(drops: Drops) -> None:
    drops.drop("deals/b.csv", B)
    drops.drop("deals/a.csv", A)
    drops.drop("deals.csv", DEALS + "d1,ann,won,0\n")
    drops.extract()
    assert [batch.origin.source_ref for batch in drops.landing.batches()] == [
        "deals.csv",
        "deals/a.csv",
        "deals/b.csv",
    ]
    assert drops.rows("select amount from landing.deals order by _batch_no") == [("0",), ("1",), ("2",)]


def test_files_nobody_reads_are_named_and_the_rest_is_loaded(drops: Drops) -> None:
    for name in ("deal.csv", "readme.txt", ".DS_Store", "~$deals.xlsx", "deals/old/x.csv"):
        drops.drop(name, A)
    drops.drop("Deals.csv", A)
    report = drops.extract()
    assert report.notes == (
        "deal.csv: was not loaded; it is not named after a stream and no mapping names it.",
        "deals/old/x.csv: was not loaded; it is not named after a stream and no mapping names it.",
        "readme.txt: was not loaded; only .csv, .xlsx and .parquet are read.",
    )
    assert report.streams == ("deals",)
    assert report.landed == 1


def test_one_broken_file_is_named_the_others_land_and_nothing_is_lost(drops: Drops) -> None:
    drops.drop("deals.csv", DEALS + 'd1,"ann,won,1\n')
    drops.drop("products.xlsx", b"no workbook")
    drops.drop("teams.csv", "team_id\nt1\n")
    with pytest.raises(InputError) as error:
        drops.extract()
    first, second = str(error.value).splitlines()
    assert first.startswith("products.xlsx: is not a readable")
    assert second.startswith("deals.csv: row 2: a quote opens")
    assert [batch.stream for batch in drops.landing.batches()] == ["teams"]
    assert list(drops.landing.root.glob("*/.*")) == []
    drops.drop("deals.csv", A)
    (drops.inbox / "products.xlsx").unlink()
    assert outcomes(drops) == [("deals.csv", "landed"), ("teams.csv", "unchanged")]


def test_an_empty_inbox_is_a_sentence_only_while_nothing_was_ever_landed(drops: Drops) -> None:
    with pytest.raises(InputError, match=r"inbox: holds nothing to load. Put files there named after what they hold"):
        drops.extract()
    file = drops.drop("deals.csv", A)
    drops.extract()
    file.unlink()
    assert drops.extract().deliveries == ()


def test_a_read_only_company_folder_is_enough(drops: Drops) -> None:
    drops.drop("deals.csv", A.encode("utf-16"))
    for folder in (drops.inbox, drops.folder):
        folder.chmod(0o555)
    try:
        assert drops.land() == [(2, "d1", "ann", "won", "1")]
    finally:
        for folder in (drops.folder, drops.inbox):
            folder.chmod(0o755)


def test_a_batch_is_known_from_its_instant_on(drops: Drops) -> None:
    drops.drop("deals.csv", A)
    drops.extract(NOON)
    drops.drop("deals.csv", B)
    drops.extract(NOON + dt.timedelta(hours=1))
    with drops.warehouse(as_of=NOON + dt.timedelta(minutes=59)) as con:
        assert con.execute(NOW).fetchall() == [("1",)]
        assert con.execute("select is_latest, landed_at from landing.batches").fetchall() == [
            (True, dt.datetime(2026, 2, 1, 12)),
        ]  # fmt: skip


def test_a_file_that_changes_while_it_is_read_is_not_landed(drops: Drops, monkeypatch: pytest.MonkeyPatch) -> None:
    from attain.sources import files

    drops.drop("deals.csv", A)
    read = files.csv_files.read

    def slow(*args: object) -> bool:
        found = read(*args)  # type: ignore[arg-type]
        drops.drop("deals.csv", A + "d2,ben,won,2\n")
        return found

    monkeypatch.setattr(files.csv_files, "read", slow)
    with pytest.raises(InputError, match=r"deals\.csv: changed while it was read"):
        drops.extract()
    assert drops.landing.batches() == []


def test_progress_is_told_in_lines(drops: Drops) -> None:
    from attain.sources.files import FileDrops

    drops.drop("deals.csv", DEALS + "d,ann,won,1\n" * 600_000)
    told: list[str] = []
    FileDrops(drops.company).extract(drops.landing, NOON, told.append)
    assert len(told) == 2
    assert all(line.startswith("deals.csv: ") and line.endswith(" rows read") for line in told)
