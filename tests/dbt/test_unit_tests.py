"""Every dbt unit test of the project, run once: they need tables to read column types from, but no data."""

from __future__ import annotations

import datetime as dt
from functools import cache

import duckdb
import pytest
import yaml

from attain import ledger, modelling
from attain.company import Company, settings_from
from attain.conform import landing_tables
from attain.environment import DBT_PROJECT
from attain.inputs import RunFacts
from attain.modelling import Workplace
from attain.plans.book import PlanBook
from attain.plans.flatten import flatten
from attain.quality.results import record
from attain.scoring import prepare

# Each room whose models decide about pay, and how many rules of it are proved by name at least.
ROOMS = {
    "people": 8,
    "targets": 4,
    "credits": 3,
    "crediting": 9,
    "pay": 15,
    "settlement": 5,
    "finance": 8,
    "scores": 7,
    "statements": 1,
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of each unit test: `pass`, or what differed."""
    folder = tmp_path_factory.mktemp("unit")
    workplace = Workplace(folder / "warehouse.duckdb", folder / "attain.duckdb", folder / "scratch")
    _without_rows(workplace)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in workplace.variables().items():
            patch.setenv(name, value)
        tested = modelling._invoke(workplace, ["test", "--select", "test_type:unit"])
    assert tested.result, tested.exception
    return {result.node.name: f"{result.status} {result.message or ''}".strip() for result in tested.result.results}


def _without_rows(workplace: Workplace) -> None:
    """The warehouse of a company to which nothing was delivered, with every model in it."""
    company = Company(
        workplace.scratch, settings_from({"name": "Nobody", "currency": "CNY", "first_period": "2026-01"}, "x")
    )
    start = dt.datetime.fromisoformat("2026-01-31")
    with duckdb.connect(str(workplace.warehouse)) as con:
        landing_tables(con)
        facts = RunFacts("unit", company.calendar.month("2026-01"), start, start)
        prepare(con, company, facts, flatten(PlanBook(()), company.currency))
        record(con, [])
        ledger.create_booked(con)
    # dbt takes as long for a model as for a test of it.
    modelling.build(workplace, "path:models")


@cache
def _written() -> dict[str, str]:
    """Every unit test that is written down, with the room its file lies in."""
    found: dict[str, str] = {}
    for path in sorted((DBT_PROJECT / "models").rglob("*.yml")):
        for test in yaml.safe_load(path.read_text(encoding="utf-8")).get("unit_tests", []):
            assert test["name"] not in found, f"two unit tests are named {test['name']}"
            found[test["name"]] = path.parent.name
    return found


def test_every_unit_test_that_is_written_is_run_and_passes(outcomes: dict[str, str]) -> None:
    assert outcomes == dict.fromkeys(_written(), "pass")


@pytest.mark.parametrize(("room", "least"), ROOMS.items())
def test_the_rooms_that_decide_about_pay_prove_their_rules(room: str, least: int) -> None:
    assert list(_written().values()).count(room) >= least


@pytest.mark.parametrize("room", ROOMS)
def test_every_model_of_the_pay_rooms_is_described(room: str) -> None:
    folder = DBT_PROJECT / "models" / "intermediate" / room
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in folder.glob("*.yml")]
    described = [model for file in files for model in file.get("models", [])]
    assert sorted(model["name"] for model in described) == sorted(path.stem for path in folder.glob("*.sql"))
    assert [model["name"] for model in described if not model["description"].startswith("One row")] == []
