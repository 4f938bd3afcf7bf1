"""The sample company is what it says: deterministic, consistent, believable, and dirty in counted ways."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from attain.company import load_company
from attain.errors import InputError
from attain.plans.check import check
from attain.plans.examples import read_examples
from attain.sample import SampleSummary, generate
from attain.streams import STREAMS

UNTIL = dt.date(2026, 10, 31)
SMALL = {"people": 14, "months": 4, "deals": 300}
_ENCODINGS = {"accounts": "gb18030", "participants": "utf-8-sig"}

Rows = list[dict[str, str]]
Deals = dict[str, dict[str, str]]


def fingerprint(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def rows_of(folder: Path, file: str) -> Rows:
    """The rows of a file of the inbox; those with too many fields keep the rest under the key None."""
    stream = file.split("/")[0]
    text = (folder / "inbox" / f"{file}.csv").read_bytes().decode(_ENCODINGS.get(stream, "utf-8"))
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if stream == "survey_responses" else ","))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SampleSummary:
    return generate(tmp_path_factory.mktemp("sample") / "company", until=UNTIL)


@pytest.fixture(scope="module")
def deals(company: SampleSummary) -> Deals:
    """The good deals of the window by id, in their last version."""
    export, corrections = (rows_of(company.folder, f"deals/{name}") for name in ("1_crm_export", "2_corrections"))
    return {row["deal_id"]: row for row in export + corrections if row["deal_id"].startswith("D0")}


# Determinism


def test_the_same_arguments_give_the_same_bytes_whatever_the_threads_and_hash_seed(tmp_path: Path) -> None:
    generate(tmp_path / "one", until=UNTIL, **SMALL)
    before = pa.cpu_count()
    pa.set_cpu_count(1)
    try:
        generate(tmp_path / "two", until=UNTIL, **SMALL)
    finally:
        pa.set_cpu_count(before)
    script = (
        "import datetime as dt, sys; from pathlib import Path; from attain.sample import generate; "
        f"generate(Path(sys.argv[1]), until=dt.date(2026, 10, 31), **{SMALL!r})"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "three")], env=environment, check=True)
    first = fingerprint(tmp_path / "one")
    assert len(first) == 31
    assert fingerprint(tmp_path / "two") == first
    assert fingerprint(tmp_path / "three") == first


def test_another_seed_gives_another_company_of_the_same_shape(tmp_path: Path) -> None:
    one = generate(tmp_path / "one", until=UNTIL, seed=1, **SMALL)
    two = generate(tmp_path / "two", until=UNTIL, seed=2, **SMALL)
    assert rows_of(one.folder, "deals/1_crm_export") != rows_of(two.folder, "deals/1_crm_export")
    assert one.rows["teams"] == two.rows["teams"] == 6


def test_a_company_without_dirt_has_the_same_good_rows(tmp_path: Path) -> None:
    dirty = generate(tmp_path / "dirty", until=UNTIL, **SMALL)
    clean = generate(tmp_path / "clean", until=UNTIL, dirty=False, **SMALL)
    assert {row.outcome for row in clean.dirty} == {"accepted"}
    assert "deals/2_corrections" not in clean.rows
    for file in ("payments", "deal_stages", "targets", "accounts"):
        good = rows_of(clean.folder, file)
        delivered = rows_of(dirty.folder, file)
        assert [row for row in delivered if row in good] == good


# Shape


def test_the_counts_are_those_asked_for(company: SampleSummary, deals: Deals) -> None:
    people = {row["participant_id"] for row in rows_of(company.folder, "participants")} - {"X1"}
    assert people == {f"E{1001 + index}" for index in range(60)}
    assert len(deals) == company.deals == 5760
    teams = rows_of(company.folder, "teams")
    assert [row["team_id"] for row in teams if not row["parent_team_id"]] == ["R-EAST", "R-SOUTH", "R-INTL"]
    assert len([row for row in teams if row["parent_team_id"]]) == 8
    assert (company.first_day, company.until, company.first_period) == (
        dt.date(2024, 11, 1),
        UNTIL,
        "2025-01",
    )


def test_every_file_has_canonical_columns_and_as_many_rows_as_the_summary_says(
    company: SampleSummary,
) -> None:
    for file, count in company.rows.items():
        rows = rows_of(company.folder, file)
        stream = STREAMS[file.split("/")[0]]
        assert set(rows[0]) - {"is_deleted"} == set(stream.columns), file
        totals = 1 if file == "invoices" else 0
        assert len(rows) == count + totals, file
    inbox = {
        str(path.relative_to(company.folder / "inbox").with_suffix(""))
        for path in (company.folder / "inbox").rglob("*.csv")
    }
    assert inbox == set(company.rows)
    assert company.rows_by_stream["deals"] == sum(count for file, count in company.rows.items() if "deals/" in file)


def test_people_join_leave_move_rise_and_are_absent(company: SampleSummary) -> None:
    by_person: dict[str, Rows] = defaultdict(list)
    for row in rows_of(company.folder, "participants"):
        if row["participant_id"] != "X1":
            by_person[row["participant_id"]].append(row)
    changed = {
        column: [person for person, rows in by_person.items() if len({row[column] for row in rows}) > 1]
        for column in ("team_id", "manager_id", "role", "base_salary")
    }
    joined = [person for person, rows in by_person.items() if rows[0]["hired_on"] >= "2024-11-01"]
    left = [person for person, rows in by_person.items() if rows[0]["left_on"]]
    assert {column: len(people) >= 2 for column, people in changed.items()} == dict.fromkeys(changed, True)
    assert len(joined) >= 5
    assert len(left) >= 5
    assert {row["kind"] for row in rows_of(company.folder, "absences")} == {"parental", "sick", "unpaid"}
    for rows in by_person.values():
        assert [row["effective_from"] for row in rows] == sorted({row["effective_from"] for row in rows})
        assert rows[0]["effective_from"] == rows[0]["hired_on"]


# Consistency


def test_good_rows_refer_to_what_was_delivered(company: SampleSummary, deals: Deals) -> None:
    folder = company.folder
    people = {row["participant_id"] for row in rows_of(folder, "participants")}
    accounts = {row["account_id"] for row in rows_of(folder, "accounts")}
    products = {row["product_id"] for row in rows_of(folder, "products")}
    invoices = {row["invoice_id"] for row in rows_of(folder, "invoices")}
    for deal in deals.values():
        assert deal["owner_id"] in people
        assert deal["account_id"] in accounts
        assert deal["product_id"] in products
        assert deal["created_on"] <= (deal["won_on"] or deal["lost_on"] or UNTIL.isoformat())
    for file in ("deal_stages", "deal_lines", "deal_splits", "invoices"):
        good = [row for row in rows_of(folder, file) if not row["deal_id"].startswith(("DX", "D99999999"))]
        assert {row["deal_id"] for row in good if row["deal_id"]} <= set(deals), file
    payments = [row for row in rows_of(folder, "payments") if row["payment_id"].startswith("PAY0")]
    assert {row["invoice_id"] for row in payments} <= invoices


def test_shares_and_lines_add_up_to_the_deal(company: SampleSummary, deals: Deals) -> None:
    shares: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows_of(company.folder, "deal_splits"):
        shares[row["deal_id"]] += Decimal(row["share"])
    good = {deal: share for deal, share in shares.items() if deal.startswith("D0")}
    assert set(good.values()) == {Decimal(1)}
    assert 0.04 < len(good) / len(deals) < 0.09
    lines: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows_of(company.folder, "deal_lines"):
        lines[row["deal_id"]] += Decimal(row["amount"])
    assert lines == {deal: Decimal(deals[deal]["amount"]) for deal in lines}
    assert len(lines) > 200


def test_keys_are_unique_but_for_the_counted_duplicates(company: SampleSummary) -> None:
    superseded = company.superseded()
    for stream in company.rows_by_stream:
        files = [file for file in company.rows if file.split("/")[0] == stream]
        rows = [row for file in files for row in rows_of(company.folder, file) if None not in row]
        keys = Counter(tuple(row[column] for column in STREAMS[stream].key) for row in rows)
        # A deleted test deal is superseded twice, as row and as deletion, but has one spare row.
        deletions = sum(row.rows for row in company.dirty if row.kind == "deletion of a test deal")
        spare = superseded.get(stream, 0) - (deletions if stream == "deals" else 0)
        assert sum(keys.values()) - len(keys) == spare, stream


def test_the_totals_row_is_what_a_spreadsheet_would_sum(company: SampleSummary) -> None:
    *rows, total = rows_of(company.folder, "invoices")
    assert total["invoice_id"] == "合计"
    for column in ("amount", "tax_amount"):
        values = [Decimal(row[column]) for row in rows if re.fullmatch(r"-?\d+\.\d\d", row[column], re.ASCII)]
        assert Decimal(total[column]) == sum(values)
    assert Decimal(total["amount"]) > 100_000_000


def test_money_is_written_with_exactly_two_places(deals: Deals) -> None:
    for deal in deals.values():
        for column in ("amount", "cost", "list_amount"):
            assert re.fullmatch(r"\d+\.\d\d", deal[column], re.ASCII), deal


def test_questions_are_about_deals_of_the_asker_and_answered_but_for_the_last_month(
    company: SampleSummary, deals: Deals
) -> None:
    rows = [row for row in rows_of(company.folder, "disputes") if row["dispute_id"].startswith("Q-")]
    assert Counter(row["period"] for row in rows) == {
        f"{year}-{month:02d}": 3 if (year, month) == (2026, 10) else 2
        for year, month in [(2025, month) for month in range(1, 13)] + [(2026, month) for month in range(1, 11)]
    }
    for row in rows:
        assert bool(row["line"]) != bool(row["source_ref"])
        if row["source_ref"]:
            deal = deals[row["source_ref"].removeprefix("deal ").removesuffix("/1")]
            assert (deal["owner_id"], deal["won_on"][:7]) == (row["participant_id"], row["period"])
        is_open = row["period"] == "2026-10"
        assert (not row["answer"], not row["answered_on"]) == (is_open, is_open)
        assert is_open or row["period"] < row["raised_on"][:7] < "2026-11"
        assert is_open or row["raised_on"] < row["answered_on"]
    assert {row["outcome"] for row in rows} == {"", "accepted", "rejected", "withdrawn"}
    assert company.quarantined()["disputes", "end_before_start"] == 1


# Dirt


def test_the_dirt_in_the_files_is_the_dirt_of_the_account(company: SampleSummary) -> None:
    export = rows_of(company.folder, "deals/1_crm_export")
    found = {
        "missing owner": sum(not row["owner_id"] for row in export),
        "owner nobody knows": sum(row["owner_id"] == "X0000" for row in export),
        "text in the amount": sum(row["amount"] == "待定" for row in export),
        "full-width digits": sum(bool(re.fullmatch("[０-９．]+", row["amount"])) for row in export),
        "date in words": sum("年" in row["created_on"] for row in export),
        "currency that is none": sum(row["currency"] == "RMB" for row in export),
        "currency without a rate": sum(row["currency"] == "JPY" for row in export),
        "status nobody knows": sum(row["status"] == "closed" for row in export),
        "won without a date": sum(row["status"] == "won" and not row["won_on"] for row in export),
    }
    account = {row.kind: row.rows for row in company.dirty if row.stream == "deals"}
    assert found == {kind: account[kind] for kind in found}
    assert min(found.values()) >= 1
    leads = rows_of(company.folder, "leads")
    assert sum(None in row for row in leads) == company.quarantined()["leads", "column_count"] == 9


def test_a_deal_below_100_percent_brings_its_split_rows_into_quarantine(company: SampleSummary) -> None:
    shares: dict[str, list[Decimal]] = defaultdict(list)
    for row in rows_of(company.folder, "deal_splits"):
        if row["deal_id"].startswith("DX"):
            shares[row["deal_id"]].append(Decimal(row["share"]))
    assert list(shares.values()) == [[Decimal("0.5"), Decimal("0.4")]] * 5
    assert company.quarantined()["deals", "split_total"] == 5
    assert company.quarantined()["deal_splits", "parent_quarantined"] == 10


def test_corrections_mend_amounts_typed_ten_times_too_large(company: SampleSummary) -> None:
    export = {row["deal_id"]: row for row in rows_of(company.folder, "deals/1_crm_export")}
    corrections = rows_of(company.folder, "deals/2_corrections")
    mended = [row for row in corrections if not row["is_deleted"]]
    for row in mended:
        assert Decimal(export[row["deal_id"]]["amount"]) == 10 * Decimal(row["amount"])
    deleted = [row["deal_id"] for row in corrections if row["is_deleted"] == "true"]
    assert [export[deal]["name"] for deal in deleted] == ["测试 TEST"] * len(deleted)
    assert len(mended) >= 3
    assert len(deleted) >= 3


@pytest.mark.parametrize(("people", "months", "deals"), [(12, 1, 10), (20, 3, 150), (60, 12, 1000), (60, 24, 5760)])
def test_no_stream_is_dirty_enough_to_stop_at_the_default_gate(
    people: int, months: int, deals: int, tmp_path: Path
) -> None:
    company = generate(tmp_path / "company", until=UNTIL, people=people, months=months, deals=deals)
    quarantined: Counter[str] = Counter()
    for (stream, _), count in company.quarantined().items():
        quarantined[stream] += count
    for stream, count in quarantined.items():
        assert count < 0.03 * company.rows_by_stream[stream], stream


# Believable figures


def test_sales_figures_are_believable(company: SampleSummary, deals: Deals) -> None:
    status = Counter(deal["status"] for deal in deals.values())
    assert 0.36 < status["won"] / (status["won"] + status["lost"]) < 0.43
    assert 0.05 < status["open"] / len(deals) < 0.15
    by_month = Counter(deal["won_on"][:7] for deal in deals.values() if deal["won_on"])
    assert len(by_month) == 24
    assert by_month["2025-12"] > 1.3 * by_month["2025-02"]
    amounts = sorted(Decimal(deal["amount"]) for deal in deals.values() if deal["currency"] == "CNY")
    assert sum(amounts[-len(amounts) // 10 :]) > Decimal("0.27") * sum(amounts)
    first_won: dict[str, str] = {}
    history = rows_of(company.folder, "deals/0_history")
    for deal in sorted([*deals.values(), *history], key=lambda deal: deal["won_on"]):
        if deal["won_on"]:
            first_won.setdefault(deal["account_id"], deal["won_on"][:7])
    new = [count for month, count in Counter(first_won.values()).items() if month >= "2024-11"]
    assert 8 < sum(new) / 24 < 14


def test_quotas_are_met_by_some_and_missed_by_others(company: SampleSummary, deals: Deals) -> None:
    booked: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    rates = {"CNY": Decimal(1), "USD": Decimal("7.15"), "EUR": Decimal("7.85")}
    for deal in deals.values():
        if deal["won_on"]:
            quarter = f"{deal['won_on'][:4]}-Q{(int(deal['won_on'][5:7]) + 2) // 3}"
            booked[deal["owner_id"], quarter] += Decimal(deal["amount"]) * rates[deal["currency"]]
    attainments = sorted(
        booked[row["participant_id"], row["period"]] / Decimal(row["value"])
        for row in rows_of(company.folder, "targets")
        if row["participant_id"] and row["kpi"] == "bookings" and row["revision"] == "1"
        if "-Q" in row["period"] and row["period"] < "2026-Q4"
    )
    middle = attainments[len(attainments) // 2]
    assert Decimal("0.8") < middle < Decimal("1.05")
    assert attainments[len(attainments) // 5] < Decimal("0.7")
    assert attainments[-len(attainments) // 5] > Decimal("1.1")


def test_customers_are_as_satisfied_as_the_plans_expect(company: SampleSummary) -> None:
    answers = rows_of(company.folder, "survey_responses")
    scores = [row["score"] for row in answers if row["survey"] == "csat" and row["score"] in "12345"]
    assert 0.85 < sum(score in "45" for score in scores) / len(scores) < 0.93
    assert len(scores) > 1000


def test_targets_cascade_from_company_to_regions_teams_and_people(company: SampleSummary) -> None:
    level: dict[str, Decimal] = defaultdict(Decimal)
    rows = rows_of(company.folder, "targets")
    for row in rows:
        if row["kpi"] == "bookings" and row["period"].startswith("2026") and row["revision"] == "1":
            key = "person" if row["participant_id"] else row["team_id"][:1] or "company"
            level[key] += Decimal(row["value"])
    assert level["R"] / level["company"] > 1
    assert Decimal("0.999") < level["T"] / level["R"] < Decimal("1.001")
    assert 1 < level["person"] / level["T"] < Decimal("1.2")
    revised = [row for row in rows if row["revision"] == "2"]
    assert {row["revised_on"] for row in revised} == {"2026-07-01"}
    assert len(revised) >= 3


# The folder is a company


def test_the_plans_are_valid_and_supported_and_the_examples_can_be_read(company: SampleSummary) -> None:
    loaded = load_company(company.folder)
    report = check(loaded)
    assert report.errors == ()
    assert report.unsupported == ()
    assert set(report.plans) == {
        "ae@2024-01-01",
        "ae@2026-01-01",
        "managers@2024-01-01",
        "presales@2024-01-01",
    }
    examples = sorted(path for path in loaded.examples_dir.glob("*.yml"))
    assert [len(read_examples(path, loaded)) for path in examples] == [1, 1, 1]


def test_a_short_window_starts_with_its_first_month_and_one_plan_version(tmp_path: Path) -> None:
    company = generate(tmp_path / "company", until=dt.date(2026, 4, 30), people=12, months=3, deals=60)
    assert company.first_period == "2026-02"
    assert sorted(path.name for path in (company.folder / "plans").iterdir()) == [
        "ae-2026.yml",
        "managers.yml",
        "presales.yml",
    ]
    assert load_company(company.folder).first_period == "2026-02"


@pytest.mark.parametrize("dirty", [False, True])
def test_parquet_holds_the_same_values_as_csv(dirty: bool, tmp_path: Path) -> None:
    generate(tmp_path / "csv", until=UNTIL, dirty=dirty, **SMALL)
    generate(tmp_path / "parquet", until=UNTIL, dirty=dirty, parquet=True, **SMALL)
    for file in ("deals/1_crm_export", "deal_stages", "survey_responses", "payments"):
        table = pq.read_table(tmp_path / "parquet" / "inbox" / f"{file}.parquet")
        assert (table.schema.field(table.column_names[-1]).type == pa.string()) or not dirty
        text = [
            {name: str(value) if value is not None else "" for name, value in row.items()} for row in table.to_pylist()
        ]
        assert text == rows_of(tmp_path / "csv", file), file
    if not dirty:
        schema = pq.read_schema(tmp_path / "parquet" / "inbox" / "payments.parquet")
        assert schema.field("amount").type == pa.decimal128(18, 2)
        assert schema.field("paid_on").type == pa.date32()


def test_progress_is_told_until_all_deals_are_written(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    generate(tmp_path / "company", until=UNTIL, progress=lambda *news: told.append(news), **SMALL)
    assert told[-1] == ("deals", 300, 300)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


# Wrong input


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"is not empty; give a new or an empty folder"):
        generate(tmp_path, until=UNTIL, **SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_what_an_interrupted_run_left_behind_is_replaced(tmp_path: Path) -> None:
    (tmp_path / ".unfinished" / "inbox").mkdir(parents=True)
    (tmp_path / ".unfinished" / "inbox" / "deals.csv").write_text("half")
    generate(tmp_path, until=UNTIL, **SMALL)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["company.yml", "examples", "inbox", "plans"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"file/company cannot be made or written"):
        generate(tmp_path / "file" / "company", until=UNTIL, **SMALL)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"people": 11}, "--people 11 is too few"),
        ({"months": 0}, "--months 0 is out of range"),
        ({"deals": 9}, "--deals 9 is too few"),
        ({"seed": -1}, "--seed -1 is negative"),
        ({"until": dt.date(2026, 10, 30)}, "2026-10-30, not on the last day of a month"),
    ],
)
def test_arguments_out_of_range_end_in_a_sentence(wrong: dict[str, int], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        generate(tmp_path / "company", **{"until": UNTIL, **SMALL, **wrong})
    assert not (tmp_path / "company").exists()
