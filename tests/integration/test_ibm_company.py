"""Real invoices: a public accounts receivable export, each row an invoice with its settlement, through to publication.

The export lies beside the project in shared/data/ibm_receivables; where it is not, these tests are skipped. What the
KPIs must be is worked out here from the export itself, in plain Python, sharing nothing with the models.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.integration import closes_in_a_row
from tests.integration.closes_in_a_row import Built

from attain import environment, pipeline
from attain.company import load_company
from attain.ledger import Close

EXPORT = environment.PROJECT.parent / "shared" / "data" / "ibm_receivables" / "accounts_receivable.csv"
COMPANY = environment.PROJECT / "tests" / "companies" / "ibm"
NOW = dt.datetime(2014, 1, 20, 12, tzinfo=dt.UTC)
LAST = "2013-12"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not EXPORT.is_file(), reason=f"{EXPORT} is not on this machine"),
]


@dataclass(frozen=True)
class Sale:
    """A row of the export."""

    number: str
    country: str
    customer: str
    invoiced_on: dt.date
    due_on: dt.date
    settled_on: dt.date
    amount: Decimal
    days_to_settle: int
    days_late: int


@dataclass
class World:
    """The run for December 2013: what it said, and the warehouse as it was before it was cleared away."""

    root: Path
    journal: dict[str, Any] = field(default_factory=dict)

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return (self.root / "home" / "published" / "attain.duckdb").resolve()


def _day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a business date has no zone


@pytest.fixture(scope="module")
def sales() -> list[Sale]:
    with EXPORT.open(encoding="utf-8", newline="") as file:
        return [
            Sale(
                row["invoiceNumber"],
                row["countryCode"],
                row["customerID"],
                _day(row["InvoiceDate"]),
                _day(row["DueDate"]),
                _day(row["SettledDate"]),
                Decimal(row["InvoiceAmount"]),
                int(row["DaysToSettle"]),
                int(row["DaysLate"]),
            )
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("ibm"))
    company, home = world.root / "company", world.root / "home"
    shutil.copytree(COMPANY, company)
    (company / "inbox").mkdir()
    (company / "inbox" / EXPORT.name).symlink_to(EXPORT)
    (company / "participants.csv").rename(company / "inbox" / "participants.csv")

    def keep_warehouse(step: str, detail: str) -> None:
        if (step, detail) == ("publish", ""):
            (built,) = (home / "runs").glob("*/warehouse.duckdb")
            shutil.copy(built, world.warehouse)

    world.journal = pipeline.run_all(company, home, LAST, None, NOW, keep_warehouse)
    yield world
    shutil.rmtree(world.root)


def ask(database: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as con:
        return con.sql(query).fetchall()


def _months() -> list[str]:
    return [f"{year}-{month:02d}" for year in (2012, 2013) for month in range(1, 13)]


def _expected(sales: list[Sale], first: str, last: str) -> tuple[Decimal | None, Decimal | None]:
    """Collection rate and DSO of the months from `first` to `last`, to six places; None where nothing is divided by."""
    zero = Decimal(0)
    billed = sum((s.amount for s in sales if first <= f"{s.invoiced_on:%Y-%m}" <= last), zero)
    received = sum((s.amount for s in sales if first <= f"{s.settled_on:%Y-%m}" <= last), zero)
    opening = sum((s.amount for s in sales if f"{s.invoiced_on:%Y-%m}" < first <= f"{s.settled_on:%Y-%m}"), zero)
    # Counted from the open invoices themselves, not from the flows: both must agree.
    closing = sum((s.amount for s in sales if f"{s.invoiced_on:%Y-%m}" <= last < f"{s.settled_on:%Y-%m}"), zero)
    assert opening + billed - received == closing
    days = sum(calendar.monthrange(int(month[:4]), int(month[5:]))[1] for month in _months() if first <= month <= last)
    rate = _six_places((opening + billed - closing) / (opening + billed)) if opening + billed else None
    return rate, _six_places(closing * days / billed) if billed else None


def _six_places(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def _published(world: World, kpi: str, scope: str, width: int) -> dict[tuple[str, str], Decimal | None]:
    query = f"""
        select scope_id, period, value from marts.kpi_values
        where kpi = '{kpi}' and scope = '{scope}' and slice = 'all' and variant in ('', 'ar')
            and length(period) = {width} and period >= '2012'
    """
    return {(row[0], row[1]): row[2] for row in ask(world.published, query)}


def test_every_row_of_the_export_becomes_an_invoice_and_its_payment(world: World) -> None:
    counted = {name: tuple(counts) for name, *counts in world.journal["rows"] if counts[0]}
    assert counted == {
        "accounts": (2466, 100, 2366, 0),
        "deals": (2466, 2466, 0, 0),
        "invoices": (2466, 2466, 0, 0),
        "participants": (5, 5, 0, 0),
        "payments": (2466, 2466, 0, 0),
    }
    query = "select count(*), count(distinct invoice_id), sum(amount), min(invoiced_on) from staging.stg_invoices"
    assert ask(world.warehouse, query) == [(2466, 2466, Decimal("147703.18"), dt.date(2012, 1, 3))]


def test_days_to_settle_and_days_late_are_those_the_export_gives(world: World, sales: list[Sale]) -> None:
    query = """
        select invoice_id, datediff('day', invoiced_on, paid_on), greatest(datediff('day', due_on, paid_on), 0)
        from staging.stg_invoices inner join staging.stg_payments using (invoice_id)
    """
    found = {number: (settled, late) for number, settled, late in ask(world.warehouse, query)}
    assert found == {sale.number: (sale.days_to_settle, sale.days_late) for sale in sales}
    assert sum(late > 0 for _, late in found.values()) == 877


def test_invoice_numbers_keep_their_leading_zeros(world: World) -> None:
    query = "select amount, status from staging.stg_invoices where invoice_id = '0000611365'"
    assert ask(world.warehouse, query) == [(Decimal("55.94"), "undisputed")]


@pytest.mark.parametrize(("kpi", "place"), [("collection_rate", 0), ("dso", 1)])
def test_each_months_kpi_of_the_company_is_the_one_worked_out_by_hand(
    world: World, sales: list[Sale], kpi: str, place: int
) -> None:
    found = _published(world, kpi, "company", 7)
    months = {month: value for (_, month), value in found.items() if "Q" not in month}
    assert months == {month: _expected(sales, month, month)[place] for month in _months()}


@pytest.mark.parametrize(("kpi", "place"), [("collection_rate", 0), ("dso", 1)])
def test_each_collectors_kpi_is_that_of_the_collectors_country(
    world: World, sales: list[Sale], kpi: str, place: int
) -> None:
    found = {key: value for key, value in _published(world, kpi, "participant", 7).items() if "Q" not in key[1]}
    countries = sorted({sale.country for sale in sales})
    assert found == {
        (f"collector-{country}", month): _expected([s for s in sales if s.country == country], month, month)[place]
        for country in countries
        for month in _months()
    }


@pytest.mark.parametrize(("kpi", "place"), [("collection_rate", 0), ("dso", 1)])
def test_a_year_and_a_quarter_take_all_their_days(world: World, sales: list[Sale], kpi: str, place: int) -> None:
    assert _published(world, kpi, "company", 4)[("company", "2012")] == _expected(sales, "2012-01", "2012-12")[place]
    quarter = _published(world, kpi, "company", 7)[("company", "2013-Q3")]
    assert quarter == _expected(sales, "2013-07", "2013-09")[place]


def test_the_bonus_follows_the_score_of_its_quarter(world: World) -> None:
    query = """
        select scores.score, payouts.payable
        from marts.scores
        inner join marts.dim_period using (period)
        inner join marts.payouts
            on scores.participant_id = payouts.participant_id
            and payouts.period = strftime(dim_period.ends_on, '%Y-%m')
    """
    paid = ask(world.published, query)
    assert len(paid) == 5 * 8
    for score, payable in paid:
        # The plan's curve: nothing below 0.8, there 0.5, 1 at 1.0, 1.5 at 1.2, held beyond. Scores have six places.
        points = min((score - Decimal("0.8")) * Decimal("2.5") + Decimal("0.5"), Decimal("1.5"))
        assert abs(payable - (1500 * points if score >= Decimal("0.8") else 0)) <= Decimal("0.007")


@pytest.fixture(scope="module")
def closes(world: World, tmp_path_factory: pytest.TempPathFactory) -> list[Close]:
    """The first year closed month by month, beside what is published."""
    root = tmp_path_factory.mktemp("closes")
    built = Built(root / "warehouse.duckdb", root / "attain.duckdb", root / "home")
    shutil.copy(world.warehouse, built.warehouse)
    shutil.copyfile(world.published, built.marts)
    built.home.mkdir()
    (built.home / "dbt").symlink_to(world.root / "home" / "dbt")
    return closes_in_a_row.close_months(load_company(world.root / "company"), built, "2012-12", NOW)


def test_every_quarter_pays_its_bonus_once_and_finance_gets_what_adds_up(
    world: World, closes: list[Close], tmp_path: Path
) -> None:
    query = """
        select period, currency, sum(payable) from marts.payouts
        where payable <> 0 and period <= '2012-12' group by period, currency
    """
    due = {period: {currency: amount} for period, currency, amount in ask(world.published, query)}
    assert sorted(due) == ["2012-03", "2012-06", "2012-09", "2012-12"]
    assert [close.period for close in closes] == _months()[:12]
    for close in closes:
        assert closes_in_a_row.payroll_is_payouts_is_ledger(close, tmp_path) == due.get(close.period, {}), close.period
        turnover = closes_in_a_row.journal_balances_and_accrues_what_is_earned(close, tmp_path)
        assert bool(turnover) == (close.period in due), close.period
