"""A close: what is refused, what it hands to finance, and that it happens once however often it is asked for."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import shutil
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.integration import tiny_company
from tests.integration.tiny_company import Place, attain, listing

from attain import closing, sealed
from attain.approval import APPROVED, Approval
from attain.errors import AttainError, Busy, InputError
from attain.ledger import Ledger
from attain.publish import set as sets

NOW = dt.datetime(2025, 2, 3, 9, tzinfo=dt.UTC)
FINANCE = """\
finance:
  accounts: {commission_expense: "6601", accrued_commissions: "2211", deferred_commissions: "1801"}
  pay_group: team
  approvers: [Zhou, Li]
"""
# d01 is a contract over two years; its commission is 1000 × 5 %.
DEALS = "".join(
    f"{line},{ending}\n"
    for line, ending in zip(tiny_company.DEALS.splitlines(), ["term_months", "24", *[""] * 9], strict=True)
)
# A race costs a second; the long form is for a quiet machine.
RACES = int(os.environ.get("ATTAIN_RACES", "5"))

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """January run, not closed."""
    place = Place(tmp_path_factory.mktemp("published"))
    tiny_company.write(place.company)
    (place.company / "company.yml").write_text(tiny_company.COMPANY + FINANCE, encoding="utf-8")
    place.drop("deals.csv", DEALS)
    ran = place.run("2025-01")
    assert ran.exit_code == 0, ran.err
    return place


@pytest.fixture(scope="module")
def closed(published: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """January closed."""
    place = published.copied_to(tmp_path_factory.mktemp("closed"))
    booked = close(place, "--approved-by", "Zhou", "--prepared-by", "Wang", "--comment", "checked")
    assert booked.exit_code == 0, booked.err
    return place


def close(place: Place, *words: str) -> tiny_company.Outcome:
    return attain("--company", place.company, "--home", place.home, "close", "2025-01", *words)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != sealed.SEAL}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def refused(place: Place, *words: str) -> str:
    """The sentence a close is refused with; nothing of the state may have changed."""
    before = listing(place.home / "ledger") if (place.home / "ledger").exists() else {}
    outcome = close(place, *(words or ("--approved-by", "Zhou")))
    assert outcome.exit_code == 2, outcome.err
    assert (listing(place.home / "ledger") if (place.home / "ledger").exists() else {}) == before
    return outcome.err


def test_the_payroll_file_holds_who_is_paid_by_group_and_currency(closed: Place) -> None:
    folder = closed.home / "closes" / "000001-2025-01"
    assert sorted(files(folder)) == [
        "commission_table.xlsx",
        "journal-2025-01-USD.csv",
        "payroll-2025-01-north-USD.csv",
    ]
    paid = rows(folder / "payroll-2025-01-north-USD.csv")
    assert [(row["participant_id"], row["name"], row["team"], row["payable"], row["currency"]) for row in paid] == [
        ("ann", "Ann", "North", "190.00", "USD"),
        ("bo", "Bo", "North", "45.00", "USD"),
    ]
    assert {(row["period"], row["close_id"], row["pay_group"]) for row in paid} == {
        ("2025-01", "000001-2025-01", "north")
    }


def test_the_journal_balances_and_posts_to_the_companys_accounts(closed: Place) -> None:
    lines = rows(closed.home / "closes" / "000001-2025-01" / "journal-2025-01-USD.csv")
    # 50 of the 235 are capitalised and charged over 24 months: 2.08 in January.
    assert [(line["entry"], line["account"], line["debit"], line["credit"], line["text"]) for line in lines] == [
        ("1", "6601", "235.00", "0.00", "Commission earned 2025-01"),
        ("1", "2211", "0.00", "235.00", "Commission earned 2025-01"),
        ("2", "1801", "50.00", "0.00", "Commission cost capitalised 2025-01"),
        ("2", "6601", "0.00", "50.00", "Commission cost capitalised 2025-01"),
        ("3", "6601", "2.08", "0.00", "Amortisation of commission cost 2025-01"),
        ("3", "1801", "0.00", "2.08", "Amortisation of commission cost 2025-01"),
    ]
    assert {line["posted_on"] for line in lines} == {"2025-01-31"}


def test_the_approval_is_recorded_in_the_close_with_the_set_it_was_given_for(closed: Place) -> None:
    seal = sealed.read(closed.home / "ledger" / "000001")
    approval = seal["approval"]
    assert (approval["by"], approval["prepared_by"], approval["comment"], approval["decision"]) == (
        "Zhou",
        "Wang",
        "checked",
        "approved",
    )
    assert approval["set_hash"] == seal["set_hash"]
    assert len(approval["set_hash"]) == 64
    assert not (closed.home / "approvals").exists()


def test_the_files_are_written_again_the_same_from_the_ledger_alone(closed: Place, tmp_path: Path) -> None:
    place = closed.copied_to(tmp_path / "place")
    first = files(place.home / "closes" / "000001-2025-01")
    # Names, accounts and the published set may change or go: the ledger knows what was closed.
    place.drop("participants.csv", tiny_company.PARTICIPANTS.replace("ann,Ann", "ann,Anna"))
    (place.company / "company.yml").write_text(
        tiny_company.COMPANY.replace("name: Tiny", "name: Renamed"), encoding="utf-8"
    )
    (place.home / "company").write_text(str(place.company), encoding="utf-8")
    shutil.rmtree(place.home / "closes")
    shutil.rmtree(place.home / "published")
    again = attain("--company", place.company, "--home", place.home, "close-files", "2025-01")
    assert again.exit_code == 0, again.err
    assert files(place.home / "closes" / "000001-2025-01") == first
    elsewhere = attain(
        "--company", place.company, "--home", place.home, "close-files", "2025-01", "--to", tmp_path / "x"
    )
    assert elsewhere.exit_code == 0, elsewhere.err
    assert files(tmp_path / "x") == first
    full = attain("--company", place.company, "--home", place.home, "close-files", "2025-01", "--to", tmp_path / "x")
    assert "is not empty" in full.err


def test_a_changed_file_of_a_close_is_named(closed: Place, tmp_path: Path) -> None:
    place = closed.copied_to(tmp_path)
    path = place.home / "closes" / "000001-2025-01" / "payroll-2025-01-north-USD.csv"
    path.write_bytes(path.read_bytes().replace(b"45.00", b"54.00"))
    found = attain("--company", place.company, "--home", place.home, "close-files", "2025-01")
    assert found.exit_code == 3
    assert "payroll-2025-01-north-USD.csv: sha256 is" in found.err
    assert "Or remove that folder and write it again: attain close-files 2025-01." in found.err


def test_without_a_name_the_amounts_are_shown_and_nothing_is_booked(published: Place) -> None:
    shown = close(published)
    assert shown.exit_code == 0, shown.err
    assert "Payable 235.00 USD to 2 people whose pay is not 0 (earned 235.00, adjustments 0.00)" in shown.out
    assert "People without pay (1):\n- cy Cy" in shown.out
    current = sets.current(published.home)
    assert current is not None
    assert f"attain close 2025-01 --set {current.hash[:12]} --approved-by NAME" in shown.out
    assert not (published.home / "ledger").exists()


def test_files_that_came_after_the_run_are_named_and_stop_nothing(published: Place, tmp_path: Path) -> None:
    told = (
        "Not in these figures: {} in the inbox {} from what has landed. To count what was delivered since, run the "
        "period first: attain run --period 2025-01."
    )
    assert "Not in these figures" not in close(published).out
    place = published.copied_to(tmp_path)
    place.drop("deals/late.csv", "deal_id,owner_id,amount\nd11,ann,5\n")
    landed = listing(place.home / "landing")
    assert told.format("deals/late.csv", "differs") in close(place).out
    place.drop("teams.csv", "team_id,name\nnorth,Northwest\n")
    shown = close(place)
    assert (shown.exit_code, listing(place.home / "landing")) == (0, landed)
    assert told.format("deals/late.csv, teams.csv", "differ") in shown.out


def test_the_preparer_and_people_who_are_no_approvers_cannot_approve(published: Place) -> None:
    assert "zhou prepared the close of 2025-01 and cannot approve it" in refused(
        published, "--approved-by", "zhou", "--prepared-by", "Zhou "
    )
    assert "company.yml (finance.approvers) names Zhou, Li" in refused(published, "--approved-by", "Sun")


def test_a_rejected_close_leaves_no_trace_but_its_record(published: Place, tmp_path: Path) -> None:
    place = published.copied_to(tmp_path)
    # The state folder notes whose it is, and this copy lies elsewhere.
    assert attain("--company", place.company, "--home", place.home, "status").exit_code == 0
    before = listing(place.home)
    said = close(place, "--approved-by", "Li", "--prepared-by", "Wang", "--reject", "--comment", "Bo is missing a deal")
    assert said.exit_code == 0, said.err
    after = listing(place.home)
    new = [name for name in after if name not in before]
    assert [name for name in before if after[name][3] != before[name][3]] == []
    (record,) = [name for name in new if name.endswith(".json")]
    assert sorted(new) == ["approvals", record]
    answer = json.loads((place.home / record).read_text(encoding="utf-8"))
    assert (answer["decision"], answer["by"], answer["comment"]) == ("rejected", "Li", "Bo is missing a deal")
    current = sets.current(place.home)
    assert current is not None
    assert answer["set_hash"] == current.hash


def test_a_period_is_not_closed_when_something_was_delivered_or_changed_since(published: Place, tmp_path: Path) -> None:
    delivered = published.copied_to(tmp_path / "delivered")
    delivered.drop("deals.csv", DEALS + "d11,acme,ann,won,500.00,2024-12-20,2025-01-30,,\n")
    from attain import scoring
    from attain.company import load_company

    scoring.land(load_company(delivered.company), delivered.home, NOW)
    assert "1 deliveries came in (deals) after the set was computed" in refused(delivered)

    changed = published.copied_to(tmp_path / "changed")
    path = changed.company / "plans" / "sellers.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("rate: 0.08", "rate: 0.09"), encoding="utf-8")
    assert "plans, company.yml, mappings or the program changed after the set was computed" in refused(changed)


def test_a_period_is_not_closed_when_a_gate_stopped_its_newest_run(published: Place, tmp_path: Path) -> None:
    place = published.copied_to(tmp_path)
    stopped = {
        "run": {"period": "2025-01", "run_id": "x", "started_at": "2099-01-01"},
        "stopped": "Gate inputs stopped it.",
    }
    (place.home / "logs" / "runs" / "later.json").write_text(json.dumps(stopped), encoding="utf-8")
    assert "its newest run was stopped, so the published set is not the latest.\nGate inputs stopped it." in refused(
        place
    )


def test_asked_again_for_the_booked_set_a_close_gives_the_same_and_for_another_it_is_refused(closed: Place) -> None:
    ledger = listing(closed.home / "ledger")
    set_hash = sealed.read(closed.home / "ledger" / "000001")["set_hash"]
    again = close(closed, "--approved-by", "Zhou", "--set", set_hash)
    assert again.exit_code == 0, again.err
    assert "booked as 000001-2025-01" in again.out
    assert listing(closed.home / "ledger") == ledger
    assert "Period 2025-01 was closed on" in refused(closed, "--approved-by", "Zhou", "--set", "beef")


def test_what_a_crash_after_booking_left_out_is_completed(
    published: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = published.copied_to(tmp_path)

    def fail(*_: Any) -> None:
        raise OSError("the machine stopped here")

    with monkeypatch.context() as patch:
        patch.setattr(closing, "ensure_files", fail)
        crashed = close(place, "--approved-by", "Zhou", "--prepared-by", "Wang")
        assert "is booked as 000001-2025-01 and stands" in crashed.err
    assert not (place.home / "closes").exists()
    set_hash = Ledger(place.home / "ledger").closes()[0].set_hash
    again = close(place, "--approved-by", "Zhou", "--set", set_hash)
    assert again.exit_code == 0, again.err
    assert len(files(place.home / "closes" / "000001-2025-01")) == 3
    assert len(Ledger(place.home / "ledger").closes()) == 1


@pytest.mark.parametrize("step", ["ensure_files", "_publish"])
def test_a_close_that_was_interrupted_is_completed_by_asking_again_without_naming_the_set(
    published: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    place = published.copied_to(tmp_path)

    def fail(*_: Any) -> None:
        raise OSError("the machine stopped here")

    with monkeypatch.context() as patch:
        patch.setattr(closing, step, fail)
        close(place, "--approved-by", "Zhou", "--prepared-by", "Wang")
    found = attain("--company", place.company, "--home", place.home, "doctor")
    assert found.exit_code == 1
    assert (
        "WARNING  ledger: 2025-01 is booked as 000001-2025-01, but the published set still shows it open. Complete it: "
        'attain close 2025-01 --approved-by "Zhou".'
    ) in found.out
    shown = close(place)
    assert shown.exit_code == 0, shown.err
    assert (
        "Period 2025-01 is booked as 000001-2025-01, approved by Zhou.\nTo complete files and publication" in shown.out
    )

    completed = close(place, "--approved-by", "Li", "--prepared-by", "Wang")
    assert completed.exit_code == 0, completed.err
    assert "booked as 000001-2025-01, approved by Zhou. Files:" in completed.out
    assert len(files(place.home / "closes" / "000001-2025-01")) == 3
    current = sets.current(place.home)
    assert current is not None
    with duckdb.connect(str(current.database), read_only=True) as con:
        assert con.sql("select distinct status from marts.payouts where period = '2025-01'").fetchall() == [("closed",)]
    assert len(Ledger(place.home / "ledger").closes()) == 1
    assert attain("--company", place.company, "--home", place.home, "doctor").exit_code == 0
    assert "Period 2025-01 was closed on" in refused(place, "--approved-by", "Zhou")


def test_files_that_a_close_lacks_are_told_by_the_doctor(closed: Place, tmp_path: Path) -> None:
    place = closed.copied_to(tmp_path)
    shutil.rmtree(place.home / "closes")
    found = attain("--company", place.company, "--home", place.home, "doctor")
    assert found.exit_code == 1
    assert "but the files of the close are missing. Write them: attain close-files 2025-01." in found.out


def test_a_booked_close_cannot_be_rejected(closed: Place) -> None:
    set_hash = Ledger(closed.home / "ledger").closes()[0].set_hash
    assert "Period 2025-01 was closed on" in refused(closed, "--approved-by", "Li", "--reject", "--set", set_hash)
    assert not (closed.home / "approvals").exists()


def test_an_option_that_is_given_and_empty_is_refused(published: Place) -> None:
    assert "--set is empty; give the hash of the approved set or its beginning, or leave the option out." in refused(
        published, "--approved-by", "Zhou", "--set", ""
    )
    assert "--approved-by is empty; give the name of whoever approves" in refused(published, "--approved-by", "  ")
    assert "--prepared-by is empty" in refused(published, "--approved-by", "Zhou", "--prepared-by", "")
    assert not (published.home / "ledger").exists()


def test_blanks_around_the_names_of_an_answer_are_not_kept(published: Place, tmp_path: Path) -> None:
    place = published.copied_to(tmp_path)
    booked = close(place, "--approved-by", " Zhou ", "--prepared-by", " Wang")
    assert booked.exit_code == 0, booked.err
    approval = sealed.read(place.home / "ledger" / "000001")["approval"]
    assert (approval["by"], approval["prepared_by"]) == ("Zhou", "Wang")


def test_however_many_close_at_once_there_is_one_close(
    published: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What follows the booking is proven above; here only the booking is raced for.
    monkeypatch.setattr(closing, "_publish", lambda *_: None)
    place = published.copied_to(tmp_path)
    current = sets.current(place.home)
    assert current is not None
    for race in range(RACES):
        shutil.rmtree(place.home / "ledger", ignore_errors=True)
        shutil.rmtree(place.home / "closes", ignore_errors=True)
        outcomes: list[str] = []

        def submit(number: int, set_hash: str, outcomes: list[str] = outcomes) -> None:
            answer = Approval("2025-01", set_hash, APPROVED, "Zhou", "Wang", NOW.isoformat(), "test")
            try:
                booked = closing.close_approved(place.company, place.home, answer, f"test {number}", NOW)
                outcomes.append(booked.close_id)
            except (Busy, InputError) as error:
                outcomes.append(type(error).__name__)
            except AttainError as error:
                outcomes.append(f"unexpected: {error}")

        threads = [threading.Thread(target=submit, args=(number, current.hash)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(outcomes) <= {"000001-2025-01", "Busy"}, (race, outcomes)
        assert "000001-2025-01" in outcomes
        (close,) = Ledger(place.home / "ledger").verify()
        assert sum((row[1] for row in _booked(close.folder)), Decimal(0)) == Decimal("235")
        assert len(files(place.home / "closes" / close.close_id)) == 3


def _booked(folder: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as con:
        return con.execute(
            "select participant_id, amount from read_parquet($path)", {"path": str(folder / "ledger_entries.parquet")}
        ).fetchall()
