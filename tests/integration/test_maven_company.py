"""Real exports: the public CRM data of a hardware maker, through mapping, staging, gates, pay and publication.

The exports lie beside the project in shared/data/maven_crm; where they are not, these tests are skipped.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.integration import closes_in_a_row, independent_commissions
from tests.integration.closes_in_a_row import Built

from attain import environment, pipeline
from attain.company import load_company
from attain.errors import GateStopped
from attain.landing import Landing
from attain.ledger import Close, Ledger
from attain.publish import set as published_set

EXPORTS = environment.PROJECT.parent / "shared" / "data" / "maven_crm"
COMPANY = environment.PROJECT / "tests" / "companies" / "maven"
NOW = dt.datetime(2018, 1, 5, 12, tzinfo=dt.UTC)
VALUE_MAP = "{from: product, values: {GTXPro: GTX Pro}}"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not EXPORTS.is_dir(), reason=f"{EXPORTS} is not on this machine"),
]


@dataclass
class World:
    """The company with its inbox and its home, and the warehouse of the run as it was before it was cleared away."""

    root: Path
    journal: dict[str, Any] = field(default_factory=dict)

    @property
    def company(self) -> Path:
        return self.root / "company"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def inbox(self) -> Path:
        return self.company / "inbox"

    @property
    def kept_warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    def run(self) -> None:
        """The whole run for December; keeps a copy of the warehouse, which publishing clears away."""
        self.journal = pipeline.run_all(self.company, self.home, "2017-12", None, NOW, self._keep_warehouse)

    def _keep_warehouse(self, step: str, detail: str) -> None:
        if (step, detail) == ("publish", ""):
            shutil.copy(self.warehouse_of_last_run(), self.kept_warehouse)

    def warehouse_of_last_run(self) -> Path:
        return max((self.home / "runs").glob("*/warehouse.duckdb"), key=lambda path: path.stat().st_mtime_ns)


def ask(database: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database.resolve()), read_only=True) as con:
        return con.sql(query).fetchall()


@dataclass
class Stopped:
    """What is left of the run without the value map."""

    sentence: str
    quarantined: list[tuple[Any, ...]]
    counts: list[tuple[Any, ...]]
    batches: list[str]
    is_published: bool


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("maven"))
    shutil.copytree(COMPANY, world.company)
    world.inbox.mkdir()
    for export in EXPORTS.glob("*.csv"):
        (world.inbox / export.name).symlink_to(export)
    (world.company / "targets.csv").rename(world.inbox / "targets.csv")
    world.home.mkdir()
    yield world
    shutil.rmtree(world.root)


@pytest.fixture(scope="module")
def stopped(world: World) -> Stopped:
    """The first run, whose mapping lacks the value map of the product."""
    path = world.company / "mappings" / "crm.yml"
    complete = path.read_text(encoding="utf-8")
    assert VALUE_MAP in complete
    path.write_text(complete.replace(VALUE_MAP, "product"), encoding="utf-8")
    try:
        with pytest.raises(GateStopped) as stop:
            world.run()
    finally:
        path.write_text(complete, encoding="utf-8")
    warehouse = world.warehouse_of_last_run()
    return Stopped(
        str(stop.value),
        ask(warehouse.with_name("attain.duckdb"), "select stream, rule, value, raw, message from marts.quarantine"),
        ask(warehouse, "from intermediate.int_stream_counts where stream = 'deals'"),
        [batch.batch_id for batch in Landing(world.home / "landing").batches()],
        published_set.current(world.home) is not None,
    )


@pytest.fixture(scope="module")
def published(world: World, stopped: Stopped) -> World:
    """The second run, with the mapping as it is: nothing was delivered anew."""
    world.run()
    return world


def test_without_the_value_map_exactly_the_misnamed_product_is_quarantined(stopped: Stopped) -> None:
    assert len(stopped.quarantined) == 1480
    assert {row[:3] for row in stopped.quarantined} == {("deals", "unknown_product", "GTXPro")}
    assert {row[4] for row in stopped.quarantined} == {
        "product_id is 'GTXPro'; expected the id of a delivered product."
    }


def test_quarantine_shows_the_row_as_it_was_delivered(stopped: Stopped) -> None:
    raw = [json.loads(row[3]) for row in stopped.quarantined]
    (deal,) = [row for row in raw if row["opportunity_id"] == "Z063OYW0"]
    assert deal == {
        "opportunity_id": "Z063OYW0",
        "sales_agent": "Darcel Schlecht",
        "product": "GTXPro",
        "account": "Isdom",
        "deal_stage": "Won",
        "engage_date": "2016-10-25",
        "close_date": "2017-03-11",
        "close_value": "4514",
    }


def test_without_the_value_map_the_gate_of_inputs_stops_with_its_reason(stopped: Stopped) -> None:
    assert "Gate inputs stopped the run for 2017-12; nothing was published" in stopped.sentence
    assert (
        "16.8 % of the rows of deals (1,480 of 8,800) are in quarantine, at most 5.0 % may be. "
        "They break these rules: unknown_product 1,480."
    ) in stopped.sentence
    assert not stopped.is_published


def test_without_the_value_map_the_rows_still_add_up(stopped: Stopped) -> None:
    assert stopped.counts == [("deals", 8800, 7320, 0, 1480)]


def test_mending_the_mapping_mends_what_was_delivered_before_it(stopped: Stopped, published: World) -> None:
    assert {one["outcome"] for one in published.journal["landed"]["deliveries"]} == {"unchanged"}
    assert [batch.batch_id for batch in Landing(published.home / "landing").batches()] == stopped.batches
    assert ask(published.kept_warehouse, "select count(*) from staging.stg_deals where product_id = 'GTX Pro'") == [
        (1480,)
    ]
    assert ask(published.home / "published" / "attain.duckdb", "select count(*) from marts.quarantine") == [(0,)]


def test_landed_is_staged_superseded_and_quarantined_in_every_stream(published: World) -> None:
    delivered = {name: (landed, *rest) for name, landed, *rest in published.journal["rows"] if landed}
    # Of the 35 rows of sales_teams.csv, 29 name a manager again, and 32 + 29 an office or a team again.
    assert delivered == {
        "accounts": (85, 85, 0, 0),
        "deals": (8800, 8800, 0, 0),
        "participants": (70, 41, 29, 0),
        "products": (7, 7, 0, 0),
        "targets": (144, 144, 0, 0),
        "teams": (70, 9, 61, 0),
    }


def test_won_deals_and_their_worth_are_staged_completely(published: World) -> None:
    query = "select status, count(*), sum(amount) from staging.stg_deals group by status order by status"
    assert ask(published.kept_warehouse, query) == [
        ("lost", 2473, Decimal(0)),
        ("open", 2089, None),
        ("won", 4238, Decimal(10005534)),
    ]


def test_won_deals_per_quarter_are_those_of_the_exports(published: World) -> None:
    query = """
        select period, value from marts.kpi_values
        where scope = 'company' and kpi = 'contract_count' and slice = 'all' and period like '2017-Q_'
        order by period
    """
    assert ask(published.home / "published" / "attain.duckdb", query) == [
        ("2017-Q1", Decimal(531)),
        ("2017-Q2", Decimal(1254)),
        ("2017-Q3", Decimal(1257)),
        ("2017-Q4", Decimal(1196)),
    ]


def test_bookings_of_the_year_are_what_the_teams_and_agents_booked(published: World) -> None:
    query = """
        select kpi_values.scope, sum(kpi_values.value) from marts.kpi_values
        left join marts.dim_team on kpi_values.scope = 'team' and kpi_values.scope_id = dim_team.team_id
        where kpi = 'bookings' and slice = 'all' and period = '2017' and dim_team.parent_team_id is null
        group by kpi_values.scope order by kpi_values.scope
    """
    whole = Decimal(10005534)
    assert ask(published.home / "published" / "attain.duckdb", query) == [
        ("company", whole),
        ("participant", whole),
        ("team", whole),
    ]


def test_deals_without_account_are_open_staged_and_within_the_companys_own_limit(published: World) -> None:
    query = "select status, count(*) from staging.stg_deals where account_id is null group by status"
    assert ask(published.kept_warehouse, query) == [("open", 1425)]
    query = """select status, observed, expected from marts.quality_results where "check" = 'empty_share'"""
    assert ask(published.home / "published" / "attain.duckdb", query) == [
        ("passed", "16.2 % (deals.account_id)", "≤ 17.0 %")
    ]


def test_misspelt_sectors_and_countries_are_mended_by_the_mapping(published: World) -> None:
    database = published.home / "published" / "attain.duckdb"
    assert ask(database, "select count(*) from marts.dim_account where industry = 'technology'") == [(12,)]
    assert ask(database, "select account_id from marts.dim_account where region = 'Philippines'") == [("Bioholding",)]
    assert ask(database, "from marts.dim_account where industry = 'technolgy' or region = 'Philipines'") == []


def paid(world: World, component: str) -> dict[tuple[str, str], Decimal]:
    query = f"select participant_id, period, payable from marts.payouts where component = '{component}'"
    return {(who, period): payable for who, period, payable in ask(world.home / "published" / "attain.duckdb", query)}


def test_every_commission_is_what_an_independent_script_makes_of_the_exports(published: World) -> None:
    expected = independent_commissions.agents_earned(published.inbox)
    assert len(expected) == 35 * 12
    assert sum(expected.values()) == Decimal("494074.26")
    assert paid(published, "accelerator") == expected


def test_every_managers_bonus_is_what_an_independent_script_makes_of_the_exports(published: World) -> None:
    expected = independent_commissions.managers_earned(published.inbox)
    assert len(expected) == 6 * 12
    assert sum(expected.values()) == Decimal("188927.17")
    assert paid(published, "team_bonus") == expected


def test_table_for_finance_adds_up_to_all_payouts(published: World) -> None:
    query = "select sum(payable), count(distinct participant_id) from marts.commission_table"
    assert ask(published.home / "published" / "attain.duckdb", query) == [(Decimal("683001.43"), 41)]


@pytest.fixture(scope="module")
def closes(published: World, tmp_path_factory: pytest.TempPathFactory) -> list[Close]:
    """All twelve months closed in turn, beside what is published."""
    root = tmp_path_factory.mktemp("closes")
    built = Built(root / "warehouse.duckdb", root / "attain.duckdb", root / "home")
    shutil.copy(published.kept_warehouse, built.warehouse)
    shutil.copyfile((published.home / "published" / "attain.duckdb").resolve(), built.marts)
    built.home.mkdir()
    (built.home / "dbt").symlink_to(published.home / "dbt")
    return closes_in_a_row.close_months(load_company(published.company), built, "2017-12", NOW)


def test_twelve_closes_pay_what_the_independent_scripts_say_and_finance_gets_what_adds_up(
    published: World, closes: list[Close], tmp_path: Path
) -> None:
    chain = Ledger(closes[0].folder.parent).verify()
    assert [close.period for close in chain] == [f"2017-{month:02d}" for month in range(1, 13)]
    expected: dict[str, Decimal] = defaultdict(Decimal)
    for earned in (
        independent_commissions.agents_earned(published.inbox),
        independent_commissions.managers_earned(published.inbox),
    ):
        for (_, period), amount in earned.items():
            expected[period] += amount
    # The first deals of the exports are won in March.
    assert sorted(period for period, amount in expected.items() if not amount) == ["2017-01", "2017-02"]
    for close in closes:
        amount = expected[close.period]
        assert closes_in_a_row.payroll_is_payouts_is_ledger(close, tmp_path) == ({"USD": amount} if amount else {})
        turnover = closes_in_a_row.journal_balances_and_accrues_what_is_earned(close, tmp_path)
        assert bool(turnover) == bool(amount), close.period
