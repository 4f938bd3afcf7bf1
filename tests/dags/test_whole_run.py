"""`make run`: the real DAG through Airflow in a process of its own, from an empty state folder to a published set."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal

import duckdb
import pytest
from tests.integration import tiny_company
from tests.integration.tiny_company import Place


def make_run(place: Place, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "ATTAIN"))}
    return subprocess.run(
        [sys.executable, "-m", "attain.airflow_run", "--company", str(place.company), *words],
        env={**environment, "ATTAIN_HOME": str(place.home)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("airflow"))
    tiny_company.write(place.company)
    return place


def test_the_dag_publishes_a_set_and_a_critical_finding_keeps_it(place: Place) -> None:
    done = make_run(place, "--period", tiny_company.PERIOD)
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(place.database), read_only=True) as con:
        paid = con.sql(
            f"select participant_id, payable from marts.commission_table where period = '{tiny_company.PERIOD}' "
            "and payable <> 0 order by 1"
        ).fetchall()
        format_of = "select tags['storage_version'] from duckdb_databases() where not internal"
        assert con.sql(format_of).fetchall() == [("v1.3.0+",)], "README says which DuckDB can read it"
    assert paid == [(person, Decimal(amount + "0000")) for person, amount in tiny_company.PAYABLE.items()]
    for told in ("Period 2025-02", "Payable 314.06 USD", "Gates", "commission_table.xlsx", "with Airflow"):
        assert told in done.stdout
    assert not (place.home / "writer.json").exists(), "the writer lock is given back"

    before = place.published()
    broken = "\n".join(f"x{number},acme,nobody,won,1.00,2024-12-01,2025-02-10," for number in range(50))
    place.drop("deals/more.csv", tiny_company.DEALS.splitlines()[0] + "\n" + broken + "\n")
    stopped = make_run(place, "--period", tiny_company.PERIOD)
    assert stopped.returncode == 1
    assert "Gate inputs stopped the run for 2025-02; nothing was published" in stopped.stderr
    assert "the set of 2025-02 stands" in stopped.stderr
    assert "deals" in stopped.stderr
    assert place.published() == before
    assert not (place.home / "writer.json").exists()


def test_a_period_in_the_future_ends_in_a_sentence_before_airflow_starts(place: Place) -> None:
    refused = make_run(place, "--period", "2999-01")
    assert refused.returncode == 2
    assert "period 2999-01 lies in the future" in refused.stderr
