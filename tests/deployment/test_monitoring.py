"""What a run leaves for those who watch it: alerts, lineage, and log lines that say what happened."""

from __future__ import annotations

import datetime as dt
import json
import logging
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from attain import airflow_tasks, airflow_told, alerts
from attain.errors import Busy, GateStopped
from attain.lineage import Lineage

NOW = dt.datetime(2026, 11, 3, 8, tzinfo=dt.UTC)
SENTENCE = "Gate inputs stopped the run for 2026-10; nothing was published, as before."


def context(**more: Any) -> dict[str, Any]:
    instance = SimpleNamespace(
        dag_id="score_period", task_id="gate_inputs", run_id="manual__1", log_url="http://airflow/log"
    )
    return {
        "task_instance": instance,
        "params": {"period": "2026-10"},
        "exception": GateStopped(SENTENCE + "\n  - deals: E1001 earned 5,000"),
        **more,
    }


class Webhook(BaseHTTPRequestHandler):
    """A chat's incoming webhook; keeps what it was sent."""

    received: list[dict[str, str]] = []  # noqa: RUF012

    def do_POST(self) -> None:
        self.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


def noted(home: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (home / "logs" / "alerts.jsonl").read_text().splitlines()]


def test_a_failed_task_is_noted_with_its_first_sentence_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTAIN_HOME", str(home))
    monkeypatch.delenv(alerts.WEBHOOK, raising=False)
    alerts.task_failed(context())
    (alert,) = noted(home)
    assert dt.datetime.fromisoformat(alert.pop("at")).tzinfo
    assert alert == {
        "dag": "score_period",
        "task": "gate_inputs",
        "run": "manual__1",
        "period": "2026-10",
        "sentence": SENTENCE,
        "log": "http://airflow/log",
    }


def test_the_webhook_gets_the_same_as_a_text(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = HTTPServer(("127.0.0.1", 0), Webhook)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("ATTAIN_HOME", str(home))
    monkeypatch.setenv(alerts.WEBHOOK, f"http://127.0.0.1:{server.server_port}/hook")
    try:
        alerts.task_failed(context())
    finally:
        server.shutdown()
        server.server_close()
    text = f"Attain: score_period / gate_inputs failed (manual__1). {SENTENCE} http://airflow/log"
    assert Webhook.received == [{"text": text}]
    alerts.task_failed(context(exception=None, params=None))
    assert [alert["sentence"] for alert in noted(home)] == [SENTENCE, "The task ended without saying why."]


def test_nothing_is_tried_again_but_waiting_for_another_run(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    with pytest.raises(AirflowFailException, match=r"^Gate inputs stopped"), airflow_tasks._told(home):
        raise GateStopped(SENTENCE + "\n  - more")
    assert json.loads(airflow_tasks.outcome_file(home).read_text())["sentence"] == SENTENCE + "\n  - more"
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(airflow_tasks, "teller", lambda step, text: told.append((step, text)))
    with pytest.raises(Busy), airflow_tasks._told(home):
        raise Busy("attain close is at work.")
    assert told == [("land", "Waiting, and trying again every minute: attain close is at work.")]


def test_a_stage_of_a_run_whose_folder_is_gone_says_what_to_do(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    monkeypatch.setenv("ATTAIN_HOME", str(home))
    with pytest.raises(AirflowFailException, match=r"removed when its set is published.* Trigger a new run"):
        airflow_tasks.step("score_period manual__1", str(home / "runs" / "gone"), "score")
    assert not (home / "writer.json").exists()


def events(home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / "logs" / "openlineage.jsonl").read_text().splitlines()]


SEAL = {
    "tables": {"payouts": "aa11", "credits": "bb22"},
    "provenance": {
        "batches": [
            {"batch_id": "b1", "stream": "deals", "source_ref": "deals.csv"},
            {"batch_id": "b2", "stream": "deals", "source_ref": "late.csv"},
            {"batch_id": "b3", "stream": "teams", "source_ref": "teams.csv"},
        ]
    },
}


def test_lineage_leads_from_landed_batches_to_published_tables(home: Path) -> None:
    lineage = Lineage(home, "2026-10-abc")
    lineage.started("", NOW)
    lineage.published(NOW + dt.timedelta(seconds=9), SEAL, home)
    start, end = events(home)
    assert (start["eventType"], end["eventType"]) == ("START", "COMPLETE")
    assert (start["job"]["name"], end["job"]["name"]) == ("score_period", "score_period")
    assert start["run"]["runId"] == end["run"]["runId"]
    assert [(one["name"], one["facets"]["version"]["datasetVersion"]) for one in end["inputs"]] == [
        (str(home / "landing" / "deals"), "b2"),
        (str(home / "landing" / "teams"), "b3"),
    ]
    assert [one["inputFacets"]["inputStatistics"]["fileCount"] for one in end["inputs"]] == [2, 1]
    assert [(one["name"], one["facets"]["version"]["datasetVersion"]) for one in end["outputs"]] == [
        (str(home / "published" / "parquet" / "credits.parquet"), "bb22"),
        (str(home / "published" / "parquet" / "payouts.parquet"), "aa11"),
    ]


def test_events_have_what_the_specification_requires(home: Path) -> None:
    lineage = Lineage(home, "2026-10-abc")
    lineage.started("stage", NOW)
    lineage.failed("stage", NOW, GateStopped(SENTENCE + "\n  - deals: E1001 earned 5,000"))
    found = events(home)
    assert [(event["eventType"], event["job"]["name"]) for event in found] == [
        ("START", "score_period.stage"),
        ("FAIL", "score_period.stage"),
        ("FAIL", "score_period"),
    ]
    for event in found:
        assert event["eventTime"] == "2026-11-03T08:00:00+00:00"
        assert event["schemaURL"] == "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
        assert event["producer"].startswith("urn:attain:")
        assert uuid.UUID(event["run"]["runId"]).version == 5
        assert event["job"]["namespace"] == "attain"
        for facet in event["run"]["facets"].values():
            assert {"_producer", "_schemaURL"} <= set(facet)
    parent = found[0]["run"]["facets"]["parent"]
    assert parent["run"]["runId"] == found[2]["run"]["runId"]
    assert parent["job"] == {"namespace": "attain", "name": "score_period"}
    assert found[1]["run"]["facets"]["errorMessage"]["message"] == SENTENCE


JOURNAL: dict[str, Any] = {
    "run": {"period": "2026-10", "home": "state", "label": "2026-10-abc", "as_of": "2026-11-03T08:00:00+00:00"},
    "seconds": {"stage": 7.25},
    "models_stage": {"models": 74, "tests": 3, "slowest": [["typed_deals", 0.5]]},
    "rows": [["deals", 1000, 900, 60, 40], ["teams", 5, 5, 0, 0]],
    "gate_stage": {"gate": "inputs", "checks": 19, "passed": 18, "warnings": [["volume", "Fewer deals.", "少"]]},
    "published": {"set": "2026-10-0892", "hash": "0892", "is_new": True},
}


def lines(name: str) -> list[tuple[str, str]]:
    return [(logging.getLevelName(level), text) for level, text in airflow_told.done(JOURNAL, name)]


def test_the_log_of_a_stage_says_what_became_of_the_rows() -> None:
    assert lines("stage")[:5] == [
        ("INFO", "Period 2026-10."),
        ("INFO", "74 models built, 3 tests passed in 7.2 s."),
        ("INFO", "Slowest: typed_deals 0.5 s."),
        ("INFO", "1,005 rows landed = 905 staged + 60 superseded + 40 quarantined."),
        ("WARNING", "deals: 40 of 1,000 rows in quarantine."),
    ]


def test_the_log_of_a_gate_holds_its_findings_and_that_of_publishing_the_set() -> None:
    assert lines("gate_stage")[1:] == [
        ("INFO", "Gate inputs: 18 of 19 checks passed, 1 warned."),
        ("WARNING", "volume: Fewer deals."),
    ]
    assert lines("publish")[0] == ("INFO", "Period 2026-10 published as set 2026-10-0892.")


def test_an_older_month_in_place_of_a_newer_one_is_a_warning() -> None:
    ((level, text),) = airflow_told.replaced("2026-10", "2026-07")
    assert level == logging.WARNING
    assert text.startswith("Readers see 2026-07 now, 2026-10 stood before.")
    assert airflow_told.replaced("2026-10", "2026-10") == airflow_told.replaced("2026-10", "2026-11") == []


def test_long_sentences_are_broken_but_nothing_of_them_is_lost() -> None:
    text = "Gate inputs stopped.\n  - " + "word " * 60 + "end"
    shown = airflow_told.wrapped(text)
    assert max(len(line) for line in shown.splitlines()) <= 110
    assert shown.split() == text.split()
    assert shown.splitlines()[1].startswith("  - word")
