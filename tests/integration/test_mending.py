"""What went wrong once is mended by doing what its sentence asks for, and what must not be mixed or lost is refused."""

from __future__ import annotations

import shutil
from pathlib import Path
from unittest import mock

import duckdb
import pytest
import xlsxwriter
from tests.integration import tiny_company
from tests.integration.tiny_company import PERIOD, Place, attain

from attain.publish import set as sets

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """January and February run."""
    place = Place(tmp_path_factory.mktemp("scored"))
    tiny_company.write(place.company)
    for period in ("2025-01", PERIOD):
        assert place.run(period).exit_code == 0
    return place


@pytest.fixture
def place(scored: Place, tmp_path: Path) -> Place:
    return scored.copied_to(tmp_path / "place")


def command(place: Place, *words: str) -> tiny_company.Outcome:
    return attain("--company", place.company, "--home", place.home, *words)


def quarantine(place: Place) -> list[tuple[str, str, bool]]:
    with duckdb.connect(str(place.database), read_only=True) as con:
        return con.sql("select rule, record_key, resolved_at is not null from marts.quarantine order by all").fetchall()


def test_a_file_whose_keys_were_broken_is_mended_by_delivering_it_again(place: Place) -> None:
    good = "deal_id,stage,entered_at\nd01,offer,2025-01-02\nd02,offer,2025-01-03\n"
    place.drop("deal_stages.csv", good.replace("2025-01-02", "2025/01/02") + "d03\n,offer,2025-01-04\n")
    stopped = place.run()
    assert stopped.exit_code == 1
    assert "75.0 % of the rows of deal_stages (3 of 4) are in quarantine" in stopped.err
    page = next((place.home / "runs").glob(f"{PERIOD}-*/quality.html"))
    assert str(page) in stopped.err
    assert "75.0 %" in page.read_text(encoding="utf-8")
    place.drop("deal_stages.csv", good)
    assert place.run().exit_code == 0
    assert quarantine(place) == [
        ("column_count", "", True),
        ("key", "|2025-01-04 00:00:00", True),
        ("type", "d01|", True),
    ]


def test_a_wrong_totals_row_is_mended_by_delivering_the_file_again(place: Place) -> None:
    rows = "invoice_id,deal_id,invoiced_on,amount\ni1,d01,2025-02-01,100\ni2,d02,2025-02-01,200\n"
    place.drop("invoices.csv", f"{rows}Total,,,310\n")
    assert place.run().exit_code == 1
    place.drop("invoices.csv", f"{rows}Total,,,300\n")
    assert place.run().exit_code == 0


def test_what_was_landed_and_is_gone_stops_the_next_run_and_is_told_by_the_doctor(place: Place) -> None:
    shutil.rmtree(place.home / "landing" / "deals")
    lost = place.run()
    assert lost.exit_code == 3
    assert "lacks 1 batch that the published set was made from" in lost.err
    assert "lacks 1 batch" in command(place, "doctor").out


def test_knowledge_of_the_future_and_of_before_the_first_delivery_is_refused(place: Place) -> None:
    future = command(place, "run", "--period", PERIOD, "--as-of", "2999-01-01T00:00:00Z")
    assert (future.exit_code, "lies in the future" in future.err) == (2, True)
    past = command(place, "run", "--period", PERIOD, "--as-of", "2020-01-01T00:00:00Z")
    assert (past.exit_code, "the first delivery landed at" in past.err) == (2, True)


def test_two_companies_get_no_common_state(place: Place, tmp_path: Path) -> None:
    other = tiny_company.write(tmp_path / "other")
    (other / "company.yml").write_text(tiny_company.COMPANY.replace("Tiny", "Other"), encoding="utf-8")
    mixed = attain("--company", other, "--home", place.home, "run", "--period", PERIOD)
    assert mixed.exit_code == 2
    assert "holds the state of the company in" in mixed.err
    nowhere = tmp_path / "file"
    nowhere.write_text("", encoding="utf-8")
    assert "no state folder can be made there" in attain("--company", other, "--home", nowhere, "status").err


def test_a_workbook_without_a_worksheet_is_named(place: Place) -> None:
    with xlsxwriter.Workbook(place.inbox / "leads.xlsx") as book:
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "={1,2}"})
        book.add_chartsheet("chart").set_chart(chart)
    named = place.run()
    assert named.exit_code == 2
    assert "leads.xlsx: has no visible worksheet" in named.err


def test_what_passed_its_gates_is_published_when_publishing_had_failed(place: Place) -> None:
    place.drop("deals/late.csv", "deal_id,owner_id,status,amount,won_on\nd11,ann,won,100,2025-02-11\n")
    before = place.published()
    with mock.patch.object(sets, "write_parquet", side_effect=OSError(28, "No space left on device")):
        assert place.run().exit_code == 3
    assert place.published() == before
    published = command(place, "publish")
    assert published.exit_code == 0, published.err
    assert place.published() != before
    assert "198.04" in published.out, "100 more at 8 %"
    assert command(place, "publish").exit_code == 0, "and it stays so"


def test_only_what_passed_every_gate_is_published(place: Place) -> None:
    place.drop("deals.csv", tiny_company.DEALS.replace("2025-02", "2025-03"))
    assert place.run("2025-02").exit_code == 1
    refused = command(place, "publish")
    assert refused.exit_code == 2
    assert (
        f"The newest run, of {PERIOD}, stopped by a gate; only what has passed every gate is published" in refused.err
    )


def test_a_close_leaves_the_inbox_alone(place: Place) -> None:
    assert place.run("2025-01").exit_code == 0
    place.drop("deals/broken.csv", 'deal_id,owner_id,status,name\nd12,bo,open,"never closed\n')
    before = place.batches()
    booked = command(place, "close", "2025-01", "--approved-by", "Zhou", "--prepared-by", "Wang")
    assert booked.exit_code == 0, booked.err
    assert place.batches() == before
    with duckdb.connect(str(place.database), read_only=True) as con:
        assert con.sql("select distinct status from marts.payouts where period = '2025-01'").fetchall() == [("closed",)]
