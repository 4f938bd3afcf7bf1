"""Airflow's callback for a failed task: a line in `logs/alerts.jsonl`, and a message to a webhook when one is set.

`ATTAIN_ALERT_WEBHOOK` is an address that takes a JSON object with the field `text`, as the incoming webhooks of Slack,
Mattermost and Google Chat do. The message holds the failure's first sentence, never rows or amounts.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import urllib.request
from pathlib import Path
from typing import Any

from attain import environment

log = logging.getLogger("attain")

WEBHOOK = "ATTAIN_ALERT_WEBHOOK"
_TIMEOUT_SECONDS = 10


def task_failed(context: Any) -> None:
    """Note the failure of a task and tell the webhook; an unreachable webhook is a line in the log, no more."""
    alert = alert_of(context, dt.datetime.now(dt.UTC))
    note(environment.home(), alert)
    address = os.environ.get(WEBHOOK)
    if not address:
        return
    try:
        send(address, alert)
    except (OSError, ValueError) as error:
        log.warning("The alert could not be sent to the webhook: %s.", error)


def alert_of(context: Any, now: dt.datetime) -> dict[str, str]:
    """What failed, as plain facts: at, dag, task, run, period (empty when by default), sentence, log (an address)."""
    instance = context["task_instance"]
    sentences = str(context.get("exception") or "The task ended without saying why.").splitlines()
    return {
        "at": now.isoformat(timespec="seconds"),
        "dag": instance.dag_id,
        "task": instance.task_id,
        "run": instance.run_id,
        "period": (context.get("params") or {}).get("period") or "",
        "sentence": sentences[0],
        "log": getattr(instance, "log_url", None) or "",
    }


def note(home: Path, alert: dict[str, str]) -> None:
    """Add a line to `logs/alerts.jsonl`."""
    path = home / "logs" / "alerts.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(alert, ensure_ascii=False) + "\n")


def send(address: str, alert: dict[str, str]) -> None:
    """Post the alert as a text. Raises OSError when the webhook cannot be reached or refuses, ValueError for an
    address that is none.
    """
    text = f"Attain: {alert['dag']} / {alert['task']} failed ({alert['run']}). {alert['sentence']} {alert['log']}"
    request = urllib.request.Request(
        address,
        data=json.dumps({"text": text.strip()}).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
        answer.read()
