"""DAG `simulate_plan` through Airflow: the log tells the cost and where the page lies, nothing is booked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.dags import airflow_process
from tests.integration import simulated_company as company
from tests.integration.tiny_company import Place, listing

from attain import airflow_simulation, scoring
from attain.company import load_company
from attain.errors import InputError

NOW = dt.datetime(2025, 4, 2, 8, tzinfo=dt.UTC)

STARTED = """
import json, os, sys
from pathlib import Path
from attain import environment
from attain.airflow_run import _migrate

home = environment.home()
environment.apply(home)
_migrate(home)
from airflow.dag_processing.dagbag import DagBag

run = DagBag(str(environment.DAGS)).dags["simulate_plan"].test(run_conf=json.loads(sys.argv[1]))
told = run.get_task_instance("simulate").xcom_pull(task_ids="simulate")
Path(os.environ["TOLD"]).write_text(json.dumps({"state": str(run.state), "told": told}))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The files landed, nothing run."""
    place = Place(tmp_path_factory.mktemp("simulated"))
    company.write(place)
    place.home.mkdir()
    airflow_process.prepare(place)
    scoring.land(load_company(place.company), place.home, NOW)
    drafts = place.company / "drafts"
    drafts.mkdir()
    (drafts / "sellers.yml").write_text(company.DEARER, encoding="utf-8")
    return place


@pytest.mark.slow
def test_the_dag_tells_the_cost_and_where_the_page_is(place: Place) -> None:
    conf = {"draft": "drafts/sellers.yml", "periods": "2025-01..2025-02"}
    before = listing(place.home / "landing")
    found, output = airflow_process.started(place, STARTED, conf)
    assert found["state"] == "success"
    page = Path(found["told"]["page"])
    assert page.parent.parent == place.home / "simulations"
    assert "Difference" in page.read_text(encoding="utf-8")
    for line in ("In force 642.03 USD · Draft 696.03 USD · Difference +54.00 USD (+8.4 %)", "1 paid more", str(page)):
        assert line in output, line
    assert "396.03" not in output, "nobody's own pay stands in the log"
    assert not (place.home / "ledger").exists()
    assert not (place.home / "published").exists()
    assert listing(place.home / "landing") == before


@pytest.mark.parametrize("draft", ["../secret.yml", "/etc/hostname"])
def test_a_draft_outside_the_company_folder_is_refused(
    place: Place, monkeypatch: pytest.MonkeyPatch, draft: str
) -> None:
    monkeypatch.setenv("ATTAIN_HOME", str(place.home))
    monkeypatch.setenv("ATTAIN_COMPANY", str(place.company))
    with pytest.raises(InputError, match="lies outside the company folder"):
        airflow_simulation.simulate(draft, "2025-01", None, NOW)
