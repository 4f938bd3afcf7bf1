"""DAG `close_period` through Airflow: an approved set is booked, a rejected one leaves only its record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.dags import airflow_process
from tests.integration import tiny_company
from tests.integration.tiny_company import Place, listing

from attain import sealed
from attain.ledger import Ledger

pytestmark = pytest.mark.slow

# `dag.test()` never answers a question: the answer is handed to the operator in place of waiting for it.
ANSWERED = """
import datetime as dt, json, os, sys
from pathlib import Path
from unittest import mock
from attain import environment
from attain.airflow_run import _migrate

home = environment.home()
environment.apply(home)
answers = json.loads(sys.argv[1])
_migrate(home)
from airflow.dag_processing.dagbag import DagBag
from airflow.providers.standard.operators.hitl import ApprovalOperator

bag = DagBag(str(environment.DAGS))

def outcome(answer):
    asked = {}

    def answered(self, context):
        asked.update(users=self.assigned_users, hours=self.response_timeout.total_seconds() / 3600,
                     default=self.defaults, subject=self.subject, body=self.body)
        at = dt.datetime(2025, 2, 3, 9, tzinfo=dt.UTC)
        return self.execute_complete(context, {"params_input": {}, "responded_at": at, **answer})

    with mock.patch.object(ApprovalOperator, "execute", answered):
        run = bag.dags["close_period"].test(run_conf={"period": "2025-01", "prepared_by": "Wang"})
    states = {one.task_id: str(one.state) for one in run.get_task_instances()}
    return {"state": str(run.state), "tasks": states, "asked": asked}

Path(os.environ["TOLD"]).write_text(json.dumps([outcome(answer) for answer in answers]))
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """January run, not closed; two people may approve."""
    place = Place(tmp_path_factory.mktemp("published"))
    tiny_company.write(place.company)
    finance = "finance: {approvers: [zhou, wang], approval_hours: 5}\n"
    (place.company / "company.yml").write_text(tiny_company.COMPANY + finance, encoding="utf-8")
    ran = place.run("2025-01")
    assert ran.exit_code == 0, ran.err
    airflow_process.prepare(place)
    return place


def close(place: Place, *answers: tuple[str, str | None]) -> list[dict[str, Any]]:
    """What became of a run of the DAG for each option and who chose it (nobody: the time ran out), one by one."""
    given = [
        {"chosen_options": [chosen], "responded_by_user": {"id": user, "name": user} if user else None}
        for chosen, user in answers
    ]
    outcomes: list[dict[str, Any]] = airflow_process.started(place, ANSWERED, given)[0]
    return outcomes


def records(place: Place) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((place.home / "approvals").glob("*.json"))]


def test_an_approved_set_is_booked_once_with_its_files(published: Place, tmp_path: Path) -> None:
    place = published.copied_to(tmp_path)
    (outcome,) = close(place, ("Approve", "zhou"))
    assert outcome["tasks"] == {"propose": "success", "approve": "success", "book": "success"}
    asked = outcome["asked"]
    assert [user["id"] for user in asked["users"]] == ["zhou", "wang"]
    assert (asked["hours"], asked["default"]) == (5, ["Reject"])
    assert asked["subject"].startswith("Close 2025-01 and book set ")
    assert "**Payable 235.00 USD** to 2 people" in asked["body"]
    approval = sealed.read(place.home / "ledger" / "000001")["approval"]
    assert (approval["by"], approval["prepared_by"], approval["via"]) == ("zhou", "Wang", "DAG close_period")
    assert approval["at"] == "2025-02-03T09:00:00+00:00"
    assert (place.home / "closes" / "000001-2025-01" / "journal-2025-01-USD.csv").exists()
    assert records(place) == []
    ledger = listing(place.home / "ledger")
    (again,) = close(place, ("Approve", "zhou"))
    assert again["tasks"]["propose"] == "failed"
    assert listing(place.home / "ledger") == ledger


def test_a_rejection_a_silence_and_the_preparers_approval_book_nothing(published: Place, tmp_path: Path) -> None:
    place = published.copied_to(tmp_path)
    before = listing(place.home / "published")
    *refused, by_preparer = close(place, ("Reject", "zhou"), ("Reject", None), ("Approve", "wang"))
    for outcome in refused:
        assert (outcome["state"], outcome["tasks"]["approve"]) == ("failed", "failed")
        assert outcome["tasks"]["book"] == "upstream_failed"
    assert [(one["decision"], one["by"], one["comment"]) for one in records(place)] == [
        ("rejected", "zhou", ""),
        ("rejected", "nobody", "no answer in time"),
    ]
    assert by_preparer["tasks"] == {"propose": "success", "approve": "success", "book": "failed"}
    assert Ledger(place.home / "ledger").closes() == []
    assert listing(place.home / "published") == before
