"""`attain explain` beyond the published set: what changed of booked months, and the money that pay had waited for."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console
from tests.unit.explain_rows import connect, earning, insert, payout, settled

from attain import sealed
from attain.conform import append_rows, landing_tables
from attain.explain import Sources, Story
from attain.explain_files import Delivered
from attain.ledger import GENESIS, Ledger

FEBRUARY = (dt.date(2026, 2, 1), dt.date(2026, 2, 28))
_KEYS = "'P' as participant_id, 'ae' as plan, 'deals' as component"


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return connect()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


@pytest.fixture
def landed() -> duckdb.DuckDBPyConnection:
    """Landing with nothing in it; what step N delivers lands on day N of the year 2000."""
    con = duckdb.connect()
    landing_tables(con)
    return con


def close(
    ledger: Ledger,
    period: str,
    booked_at: str,
    amounts: dict[str, str],
    waits_for: str = "",
    origin: str = "2026-01",
) -> None:
    """A close of P's deals: what each deal of `origin` was booked with (none: nothing), and what a statement said."""
    keys = f"{_KEYS}, '{origin}' as origin_period"
    lines = [
        f"select {keys}, '{'deal' if deal.startswith('d') else deal}' as transaction_type, "
        f"'{deal if deal.startswith('d') else ''}' as transaction_id, '1' as line, "
        f"1 as slice, date '2026-01-20' as credited_on, cast({amount} as decimal(24, 6)) as amount, "
        f"cast({amount} * 10 as decimal(24, 6)) as basis_amount, cast(null as decimal(24, 6)) as tier_from, "
        "cast(0.1 as decimal(24, 6)) as rate, '' as why"
        for deal, amount in (amounts or {"d0": "0"}).items()
    ]
    tables = {
        "earnings": " union all ".join(lines) + ("" if amounts else " limit 0"),
        "ledger_entries": f"select {keys}, 'adjustment' as kind" + ("" if amounts else " limit 0"),
        "statement_lines": "select 'P' as participant_id, 'timing' as section, 'held' as status, "
        f"'ae/deals 2026-01' as source_ref, '{waits_for}' as not_payable_because",
    }
    number = len(ledger.closes()) + 1
    facts = {
        "close_id": f"{number:06d}-{period}",
        "period": period,
        "approved_by": "Zhou",
        "booked_at": booked_at,
        "set_hash": "0" * 64,
        "number": number,
        "previous": ledger.closes()[-1].digest if number > 1 else GENESIS,
    }

    def fill(folder: Path) -> dict[str, Any]:
        for table, query in tables.items():
            duckdb.sql(query).write_parquet(str(folder / f"{table}.parquet"))
        return facts

    sealed.write(ledger.root, f"{number:06d}", fill)


def told(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, landed: duckdb.DuckDBPyConnection, lang: str, first: str = "2026-01"
) -> list[str]:
    """P's February from the line with `first` on, after the head line of its payout."""
    story = Story(con, "P", "2026-02", None, lang, "en")
    files = Delivered(landed, story.deals())
    story.sources = Sources(ledger, files, FEBRUARY)
    story.files = files.places("P")
    out = io.StringIO()
    Console(file=out, width=300).print(story.tree())
    lines = [line.lstrip("│├└─ \xa0").rstrip() for line in out.getvalue().splitlines()]
    start = next(number for number, line in enumerate(lines) if number > 1 and first in line)
    return lines[start:]


def test_a_correction_names_the_deals_that_come_to_something_else(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, landed: duckdb.DuckDBPyConnection
) -> None:
    close(ledger, "2026-01", "2026-02-03T08:00:00+00:00", {"d1": "60", "d2": "20", "d4": "7", "cap": "-5"})
    append_rows(landed, 1, "deals", [{"deal_id": "d1", "amount": "1000"}, {"deal_id": "d3", "amount": "1"}])
    payout(con, earned=0, adjustment=28, payable=28)
    settled(con, "adjustments", "correction", "2026-01", "28")
    for deal, amount in (("d1", "100"), ("d3", "10"), ("d4", "7")):
        earning(con, amount, origin_period="2026-01", transaction_type="deal", transaction_id=deal, line="1")
    earning(con, "-7", origin_period="2026-01", transaction_type="cap", line="1")
    assert told(con, ledger, landed, "en") == [
        "correction of 2026-01: 28.00",
        "deal d1: 60.00 → 100.00 · from given.deals row 2",
        "deal d2: 20.00 → 0.00",
        "deal d3: 0.00 → 10.00 · from given.deals row 3",
        "cap: -5.00 → -7.00",
    ]
    assert told(con, ledger, landed, "zh-CN")[1] == "商机 d1: 60.00 → 100.00 · 来自 given.deals 第 2 行"


def test_a_correction_is_told_from_the_last_booking_before_it_to_its_own(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, landed: duckdb.DuckDBPyConnection
) -> None:
    """December booked nothing of January, and March corrected it once more, after the month that is told of."""
    close(ledger, "2025-12", "2026-01-03T08:00:00+00:00", {})
    close(ledger, "2026-01", "2026-02-03T08:00:00+00:00", {"d1": "60"})
    close(ledger, "2026-02", "2026-03-03T08:00:00+00:00", {"d1": "65"})
    close(ledger, "2026-03", "2026-04-03T08:00:00+00:00", {"d1": "90"})
    payout(con, earned=0, adjustment=5, payable=5, status="closed")
    settled(con, "adjustments", "correction", "2026-01", "5")
    earning(con, "90", origin_period="2026-01", transaction_type="deal", transaction_id="d1", line="1")
    assert told(con, ledger, landed, "en") == ["correction of 2026-01: 5.00", "deal d1: 60.00 → 65.00"]


def a_release(con: duckdb.DuckDBPyConnection) -> None:
    """25 of January's d1 and d2/x released in February."""
    payout(con, earned=0, released=25, payable=25)
    settled(con, "timing", "released", "2026-01", "25")
    for deal in ("d1", "d2/x"):
        earning(con, "50", origin_period="2026-01", transaction_type="deal", transaction_id=deal, line="1")


def payment(name: str, day: str, amount: str, **more: str) -> dict[str, str]:
    return {"payment_id": name, "paid_on": day, "amount": amount, "currency": "EUR", **more}


def test_released_pay_names_the_cash_it_had_waited_for(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, landed: duckdb.DuckDBPyConnection
) -> None:
    # Booked on the second day of landing: what step 3 delivers of January was not known then.
    close(ledger, "2026-01", "2000-01-02T08:00:00+00:00", {"d1": "50"}, "等待回款 / waits for cash")
    a_release(con)
    invoices = [{"invoice_id": "i2", "deal_id": "d2/x", "invoiced_on": "2026-02-01", "amount": "9"}]
    append_rows(landed, 1, "invoices", invoices)
    known = [
        payment("p1", "2026-01-20", "100", deal_id="d1"),
        payment("p2", "2026-02-01", "1000", deal_id="d1"),
        payment("p3", "2026-02-28T23:00:00", "2000", deal_id="d1"),
        payment("p4", "2026-03-01", "3000", deal_id="d1"),
        payment("p5", "2026-02-10", "4000", deal_id="d9"),
        payment("p6", "2026-02-11", "5000", deal_id="d1"),
        payment("p8", "2026-02-12", "6000", deal_id="d1"),
    ]
    append_rows(landed, 1, "payments", known)
    late = [
        payment("p2", "2026-02-02", "1200.50", deal_id="d1"),
        payment("p6", "2026-02-11", "5000", deal_id="d1", is_deleted="true"),
        payment("p7", "2026-01-30", "70", invoice_id="i2"),
        payment("p8", "2026-02-12", "6000", deal_id="d9"),
    ]
    append_rows(landed, 3, "payments", late)
    notes = [{"credit_note_id": "c1", "deal_id": "d2/x", "credited_on": "2026-02-05", "amount": "5"}]
    append_rows(landed, 3, "credit_notes", notes)
    assert told(con, ledger, landed, "en") == [
        "of 2026-01: 25.00",
        "deal d2/x · payment p7 · 2026-01-30 · 70.00 EUR · from given.payments row 4",
        "deal d1 · payment p2 · 2026-02-02 · 1,200.50 EUR · from given.payments row 2",
        "deal d2/x · credit note c1 · 2026-02-05 · 5.00 · from given.credit_notes row 2",
        "deal d1 · payment p3 · 2026-02-28 · 2,000.00 EUR · from given.payments row 4",
    ]
    shown = told(con, ledger, landed, "zh-CN")[1]
    assert shown == "商机 d2/x · 回款 p7 · 2026-01-30 · 70.00 EUR · 来自 given.payments 第 4 行"


@pytest.mark.parametrize(
    ("waits_for", "expected"),
    [
        ("等待开票 / waits for invoices", ["deal d1 · invoice i1 · 2026-02-03 · 9.00 EUR · from given.invoices row 2"]),
        ("扣留，到期发放 / held back until it is due", []),
    ],
)
def test_released_pay_names_invoices_or_nothing_by_what_it_had_waited_for(
    con: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    landed: duckdb.DuckDBPyConnection,
    waits_for: str,
    expected: list[str],
) -> None:
    close(ledger, "2026-01", "2000-01-02T08:00:00+00:00", {"d1": "50"}, waits_for)
    a_release(con)
    invoice = {"invoice_id": "i1", "deal_id": "d1", "invoiced_on": "2026-02-03", "amount": "9", "currency": "EUR"}
    append_rows(landed, 1, "invoices", [invoice])
    append_rows(landed, 1, "payments", [payment("p1", "2026-02-20", "100", deal_id="d1")])
    assert told(con, ledger, landed, "en") == ["of 2026-01: 25.00", *expected]


def test_what_is_taken_back_names_the_event_of_its_day(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, landed: duckdb.DuckDBPyConnection
) -> None:
    payout(con, released=5, clawed_back=20, payable=-15)
    settled(con, "timing", "released", "2026-02", "5")
    for deal, day in (("d1", "2026-02-03"), ("d2", "2026-02-04"), ("d3", "2026-02-05"), ("d4", "2026-02-06")):
        taken = {"transaction_type": "clawback", "transaction_id": deal, "line": "1", "credited_on": day}
        earning(con, "-5", why="takes back what 2026-01 earned", **taken)
    deals = [{"deal_id": f"d{n}", "status": "won", "cancelled_on": "2026-02-03" if n == 1 else None} for n in (1, 2, 3)]
    append_rows(landed, 1, "deals", deals)
    notes = [{"credit_note_id": "c1", "deal_id": "d2", "credited_on": "2026-02-04", "amount": "5"}]
    append_rows(landed, 1, "credit_notes", notes)
    paid = [payment("p1", "2026-02-05", "-9", deal_id="d3"), payment("p2", "2026-02-05", "9", deal_id="d3")]
    append_rows(landed, 1, "payments", [*paid, payment("p3", "2026-02-04", "-9", deal_id="d3")])

    shown = told(con, ledger, landed, "en", "released")
    assert shown[:2] == ["released: 5.00", "as much of what is taken back had not been paid out"]
    assert [line for line in shown if line.startswith("clawback")] == [
        "clawback d1 · cancelled 2026-02-03 · from given.deals row 2",
        "clawback d2 · credit note c1 of 2026-02-04 · from given.deals row 3",
        "clawback d3 · refund p1 of 2026-02-05 · from given.deals row 4",
        "clawback d4 · 2026-02-06",
    ]
    settled(con, "timing", "released", "2025-12", "2")
    assert "of 2026-02: 5.00   (as much of what is taken back had not been paid out)" in told(
        con, ledger, landed, "en", "released"
    )
    con.execute("delete from marts.statement_lines where source_ref like '%2025-12'")
    chinese = told(con, ledger, landed, "zh-CN", "发放")
    assert chinese[:2] == ["发放: 5.00", "被追回的部分中，这么多尚未发放"]
    assert "追回 d2 · 2026-02-04 贷项通知单 c1 · 来自 given.deals 第 3 行" in chinese


def test_a_closed_month_is_told_with_the_lines_it_was_booked_with(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, landed: duckdb.DuckDBPyConnection
) -> None:
    close(ledger, "2026-02", "2026-03-03T08:00:00+00:00", {"d1": "60", "d2": "5", "d3": "7"}, origin="2026-02")
    payout(con, earned=72, payable=72, status="closed")
    for deal, amount in (("d1", 66), ("d3", 7)):
        deal_line = {"transaction_type": "deal", "transaction_id": deal, "line": "1"}
        earning(con, str(amount), basis_amount=amount * 10, rate="0.1", credited_on="2026-02-20", **deal_line)
        credited = {"amount": amount * 10, "currency": "EUR", "original_currency": "EUR", "why": "owner of the deal"}
        keys = {"participant_id": "P", "plan": "ae", "component": "deals", "transaction_id": deal, "line": "1"}
        insert(con, "credits", credited_on="2026-02-20", **keys, **credited)
    assert told(con, ledger, landed, "en", "earned in") == [
        "earned in 2026-02: 72.00",
        "deal d1 · 2026-02-20 · now credited with 660.00 EUR (owner of the deal)",
        "600.00 × 0.1 = 60.00",
        "deal d2",
        "50.00 × 0.1 = 5.00",
        "deal d3 · 2026-02-20 · credit 70.00 EUR (owner of the deal)",
        "70.00 × 0.1 = 7.00",
        "booked 72.00 EUR; today's data give 73.00 EUR: the difference is an adjustment of a later month or lies "
        "beyond the retro window",
    ]
