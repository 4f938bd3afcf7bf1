"""Bad input through the command line: a sentence that helps, nothing lost, the published set untouched.

One tiny company is scored once; every test spoils a copy of it and its state.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import openpyxl
import pytest
import xlsxwriter
from tests.integration import tiny_company
from tests.integration.tiny_company import Outcome, Place

from attain import environment, pipeline
from attain.errors import Busy
from attain.writer_lock import WriterLock

pytestmark = pytest.mark.slow

HOLD_THE_LOCK = """
import sys
from pathlib import Path
from attain.writer_lock import WriterLock
with WriterLock(Path(sys.argv[1])).held("attain close 2025-01"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Outcome]:
    """The tiny company and how its first run went, the company folder being read-only."""
    place = Place(tmp_path_factory.mktemp("tiny"))
    tiny_company.write(place.company)
    with read_only(place.company):
        before = tiny_company.listing(place.company)
        outcome = place.run()
        assert tiny_company.listing(place.company) == before
    return place, outcome


@pytest.fixture
def place(scored: tuple[Place, Outcome], tmp_path: Path) -> Place:
    """A copy of the tiny company after its run."""
    return scored[0].copied_to(tmp_path)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    entries = [folder, *folder.rglob("*")]
    modes = [(path, path.stat().st_mode) for path in entries]
    for path in entries:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path, mode in modes:
            path.chmod(mode)


@contextmanager
def untouched(place: Place) -> Iterator[None]:
    """What was landed is still there afterwards and whole; what was published is byte for byte the same."""
    batches, published = place.batches(), place.published()
    yield
    assert batches <= place.batches()
    assert place.published() == published


def refused(place: Place, period: str = tiny_company.PERIOD) -> str:
    """The sentence of a run that must end as wrong input and change nothing."""
    with untouched(place):
        outcome = place.run(period)
    assert outcome.exit_code == 2, outcome
    assert "Traceback" not in outcome.err
    return outcome.err


def ask(database: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(database), read_only=True) as con:
        return con.sql(query).fetchall()


def test_a_read_only_company_folder_is_scored_and_nothing_is_written_into_it(
    scored: tuple[Place, Outcome],
) -> None:
    place, outcome = scored
    assert outcome.exit_code == 0, outcome
    assert "Payable 314.06 USD to 2 people" in outcome.out
    paid = ask(place.database, "select participant_id, payable from marts.payouts where period = '2025-02'")
    assert {who: f"{amount:.2f}" for who, amount in paid} == tiny_company.PAYABLE  # type: ignore[str-format]


def test_an_empty_inbox_is_said_and_nothing_is_published(tmp_path: Path) -> None:
    place = Place(tmp_path)
    tiny_company.write(place.company)
    for file in place.inbox.iterdir():
        file.unlink()
    outcome = place.run()
    assert outcome.exit_code == 2
    assert f"{place.inbox}: holds nothing to load. Put files there named after what they hold" in outcome.err
    assert not (place.home / "published").exists()


@pytest.mark.parametrize(
    ("period", "sentence"),
    [
        ("2025-13", "'2025-13' is not a month; write it like 2026-01."),
        ("last month", "'last month' is not a period; write a month 2026-01, a quarter 2026-Q1 or a year 2026."),
        ("2025-Q1", "period 2025-Q1: a run scores a month, written like 2025-01."),
        ("2024-12", "period 2024-12 lies before 2025-01, the first period in company.yml."),
        ("2999-01", "period 2999-01 lies in the future: it begins on 2999-01-01; today is "),
    ],
)
def test_a_period_that_cannot_be_scored_is_refused(place: Place, period: str, sentence: str) -> None:
    assert sentence in refused(place, period)


def test_weights_that_sum_to_less_than_one_are_refused_with_file_and_line(place: Place) -> None:
    plan = place.company / "plans" / "sellers.yml"
    plan.write_text(tiny_company.SELLERS.replace("weight: 0.4", "weight: 0.39"), encoding="utf-8")
    sentence = refused(place)
    assert "sellers.yml:8: scorecard.measures: the weights sum to 0.99 (0.6 + 0.39)" in sentence


def test_two_plans_for_the_same_people_are_refused_naming_both(place: Place) -> None:
    other = tiny_company.SELLERS.replace("plan: sellers", "plan: rivals")
    (place.company / "plans" / "rivals.yml").write_text(other, encoding="utf-8")
    sentence = refused(place)
    assert "role seller has two plans from 2025-01-01" in sentence
    assert "sellers.yml:4" in sentence
    assert "rivals.yml:4" in sentence


def test_a_broken_quote_is_refused_with_its_row_and_other_files_land(place: Place) -> None:
    place.drop("deals/late.csv", 'deal_id,owner_id,status,name\nd11,ann,open,fine\nd12,bo,open,"never closed\n')
    place.drop("accounts.csv", "account_id,name\nacme,Acme\nblue,Blue\ncore,Core\ndune,Dune\n")
    before = place.batches()
    sentence = refused(place)
    assert "deals/late.csv: row 3: a quote opens a value and is never closed" in sentence
    assert "Nothing of it was loaded" in sentence
    assert len(place.batches() - before) == 1


def test_a_formula_that_was_never_calculated_stops_the_run_and_is_named(place: Place) -> None:
    place.drop("deals/calculated.xlsx", calculated_workbook())
    place.drop("deals/never.xlsx", never_calculated_workbook())
    with untouched(place):
        outcome = place.run()
    assert outcome.exit_code == 1, outcome
    assert "8.3 % of the rows of deals (1 of 12) are in quarantine, at most 5.0 % may be" in outcome.err
    assert "type 1" in outcome.err
    assert "deals/never.xlsx!Sheet: 1 formulas hold no calculated value (the first is E2: =30*100)" in outcome.err
    (warehouse,) = (place.home / "runs").glob("*/warehouse.duckdb")
    assert ask(warehouse, "select cast(amount as varchar) from staging.stg_deals where deal_id = 'd11'") == [
        ("2000.000000",)
    ]
    query = "select file, row, field, value from marts.quarantine where record_key = 'd12'"
    assert ask(warehouse.with_name("attain.duckdb"), query) == [
        ("deals/never.xlsx!Sheet", 2, "amount", "#FORMULA! =30*100")
    ]


def test_a_file_that_grows_brings_its_broken_rows_again_and_the_run_goes_on(place: Place) -> None:
    settings = (place.company / "company.yml").read_text(encoding="utf-8")
    limits = "quality: {quarantine_share: {all: 1.0}, quarantine_warning: {all: 1.0}, empty_share: {all: 1.0}}\n"
    (place.company / "company.yml").write_text(settings + limits, encoding="utf-8")
    broken = (
        "deal_id,owner_id,status,amount,won_on\n"
        "x1,ann,won,12x,2025-02-10\n"
        ",ann,won,12,2025-02-10\n"
        "x3,nobody,won,12,2025-02-10\n"
        "x4,ann,won\n"
    )
    place.drop("deals/growing.csv", broken)
    assert place.run().exit_code == 0
    place.drop("deals/growing.csv", broken + "d11,ann,won,100.00,2025-02-28\n")
    assert place.run().exit_code == 0
    query = "select record_key, source_ref, rule, deliveries from marts.quarantine order by source_ref"
    assert ask(place.database, query) == [
        ("x1", "deals/growing.csv#2", "type", 2),
        ("", "deals/growing.csv#3", "key", 2),
        ("x3", "deals/growing.csv#4", "unknown_participant", 2),
        ("", "deals/growing.csv#5", "column_count", 2),
    ]
    # Mended, or gone with its file: what is published is one row a record still.
    place.drop("deals/growing.csv", broken.replace("12x", "120") + "d11,ann,won,100.00,2025-02-28\n")
    assert place.run().exit_code == 0
    query = "select deliveries, resolved_at is not null from marts.quarantine where record_key = 'x1'"
    assert ask(place.database, query) == [(2, True)]


def calculated_workbook() -> bytes:
    """A won deal whose amount is a formula with its value, as Excel saves it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["deal_id", "owner_id", "status", "won_on", "amount"])
    sheet.write_row(1, 0, ["d11", "ann", "won", "2025-02-27"])
    sheet.write_formula(1, 4, "=20*100", value=2000)
    book.close()
    return buffer.getvalue()


def never_calculated_workbook() -> bytes:
    """The same for another deal as a program writes it: the formula alone."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["deal_id", "owner_id", "status", "won_on", "amount"])
    sheet.append(["d12", "bo", "won", "2025-02-27", "=30*100"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def odd_files(
    scored: tuple[Place, Outcome], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Place, Outcome, set[str]]:
    """One run over files that are odd but say what they mean: no rows, 200 columns, UTF-16, one key in two files."""
    place = scored[0].copied_to(tmp_path_factory.mktemp("odd"))
    before = place.batches()
    place.drop("leads.csv", "lead_id,owner_id,created_on\n")
    place.drop("activities.csv", "")
    names = [f"extra_{number:03}" for number in range(197)]
    place.drop(
        "accounts.csv",
        ",".join(["account_id", *names, "name", "region"])
        + "".join(
            "\n" + ",".join([account, *(f"x{number}" for number in range(197)), account.title(), "North"])
            for account in ("acme", "blue", "core", "dune")
        )
        + "\n",
    )
    place.drop("teams.csv", "team_id,name\nnorth,Équipe du Nord 北方\n".encode("utf-16"))
    deal = "deal_id,account_id,owner_id,status,amount,created_on,won_on\nd07,core,bo,won,{},2025-01-05,2025-02-20\n"
    place.drop("deals/corrected_1.csv", deal.format("1600.00"))
    place.drop("deals/corrected_2.csv", deal.format("1700.00"))
    return place, place.run(), before


def test_odd_files_do_not_stop_a_run_and_nothing_landed_is_lost(odd_files: tuple[Place, Outcome, set[str]]) -> None:
    place, outcome, before = odd_files
    assert outcome.exit_code == 0, outcome
    assert before <= place.batches()
    place.published()


def test_a_file_without_rows_and_one_without_a_header_are_named(odd_files: tuple[Place, Outcome, set[str]]) -> None:
    out = odd_files[1].out
    assert "leads.csv: holds a header but no rows." in out
    assert "activities.csv: is empty, not even a header was found; nothing was loaded from it." in out


def test_a_file_of_200_columns_is_read_by_the_names_it_needs(odd_files: tuple[Place, Outcome, set[str]]) -> None:
    assert ask(odd_files[0].database, "select account_id, name, region from marts.dim_account order by all") == [
        ("acme", "Acme", "North"),
        ("blue", "Blue", "North"),
        ("core", "Core", "North"),
        ("dune", "Dune", "North"),
    ]


def test_utf_16_is_read_as_it_was_meant(odd_files: tuple[Place, Outcome, set[str]]) -> None:
    assert ask(odd_files[0].database, "select name from marts.dim_team") == [("Équipe du Nord 北方",)]


def test_of_two_files_with_one_key_the_later_counts_and_the_other_is_superseded(
    odd_files: tuple[Place, Outcome, set[str]],
) -> None:
    place, outcome, _ = odd_files
    assert re.search(r"^deals +12 +10 +2 +0 *$", outcome.out, re.MULTILINE), outcome.out
    query = "select cast(sum(amount) as varchar) from marts.kpi_credits where transaction_id = 'd07'"
    assert ask(place.database, query) == [("1700.000000",)]


def test_an_emptied_inbox_is_no_fault_once_something_was_landed(place: Place) -> None:
    for file in place.inbox.iterdir():
        file.unlink()
    with untouched(place):
        landed = pipeline.land(place.company, place.home, dt.datetime(2025, 3, 3, tzinfo=dt.UTC))
    assert (landed["deliveries"], landed["rows"]) == ([], 0)


@contextmanager
def at_work_elsewhere(home: Path) -> Iterator[int]:
    """Another process holds the writer lock as `attain close 2025-01`; gives its id."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=environment.PROJECT / "include",
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process.pid
        finally:
            process.communicate("")


def test_a_second_run_is_refused_and_told_who_is_at_work(place: Place) -> None:
    place.drop("deals/late.csv", "deal_id,owner_id,status\nd11,ann,open\n")
    before = place.batches()
    with at_work_elsewhere(place.home) as pid:
        sentence = refused(place)
    assert f"attain close 2025-01 is at work on this state folder (process {pid} on " in sentence
    assert "start again; nothing was changed." in sentence
    assert place.batches() == before


def test_the_same_command_started_twice_is_a_second_run_too(place: Place) -> None:
    with at_work_elsewhere(place.home), pytest.raises(Busy, match="attain close 2025-01 is at work"):
        WriterLock(place.home).acquire("attain close 2025-01")


def test_a_block_of_company_yml_that_does_nothing_yet_is_told(place: Place) -> None:
    with (place.company / "company.yml").open("a", encoding="utf-8") as written:
        written.write("publish: {postgres: {database: bi}}\nsources: {}\n")
    landed = pipeline.land(place.company, place.home, dt.datetime(2025, 3, 3, tzinfo=dt.UTC))
    told = "company.yml: publish: is passed over for now; sets go to the state folder alone."
    assert landed["warnings"] == [told]
