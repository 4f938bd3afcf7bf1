"""What the DAGs' tasks call: a step of the pipeline, under the writer lock, its failure told in a sentence."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attain import environment, pipeline, scoring
from attain.company import load_company
from attain.errors import AttainError, InputError
from attain.writer_lock import WriterLock

log = logging.getLogger("attain")

# Set by `make run`, which shows progress on the terminal while Airflow's own output goes to a file.
teller: Callable[[str, str], None] | None = None


def extract(holder: str) -> dict[str, Any]:
    """Bring the inbox into landing. Gives what was delivered, per file."""
    home, company = environment.home(), environment.company()
    with _told(home), WriterLock(home).held(holder):
        return pipeline.land(company, home, _now(), _say("land"))


def begin(holder: str, period: str | None, as_of: str | None, interval_start: dt.datetime | None) -> str:
    """Take the lock, land the inbox, fix the run's inputs. Gives the run's folder."""
    home, company = environment.home(), environment.company()
    with _told(home):
        WriterLock(home).acquire(holder, hand_over=True)
        chosen = period or _period_of(company, interval_start)
        pipeline.refuse_period(company, chosen, _now())
        landed = pipeline.land(company, home, _now(), _say("land"))
        run = pipeline.begin(company, home, chosen, instant(as_of), _now(), landed)
        for text in landed["warnings"]:
            log.warning("%s", text)
        return str(run.folder)


def step(holder: str, folder: str, name: str) -> None:
    """One step of the run in `folder`, in whichever process Airflow starts it."""
    run = scoring.resume(Path(folder))
    home = Path(run.home)
    with _told(home):
        WriterLock(home).renew(holder)
        _say(name)("")
        pipeline.step(run, name, _now(), teller)
        _log_findings(home, run.label, name)


def release(holder: str) -> None:
    """Give the lock back, however the run ended."""
    WriterLock(environment.home()).release(holder)


def instant(text: str | None) -> dt.datetime | None:
    """An as-of instant given as text, in UTC unless it says otherwise. Raises InputError."""
    if not text:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"as_of {text!r} is not an instant; write it like 2026-11-03T08:00:00Z.") from error
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def outcome_file(home: Path) -> Path:
    """Where the last failure is left for whoever started the DAG in this process."""
    return home / "logs" / "outcome.json"


def _period_of(company: Path, interval_start: dt.datetime | None) -> str | None:
    """The month of a scheduled or backfilled run's data interval; none for a run started by hand."""
    if interval_start is None:
        return None
    return load_company(company).calendar.month_of(interval_start.date()).key


def _log_findings(home: Path, label: str, name: str) -> None:
    for check, sentence, _ in pipeline.Journal(home, label).read().get(name, {}).get("warnings", []):
        log.warning("%s: %s", check, sentence)


def _say(name: str) -> Callable[[str], None]:
    def say(text: str) -> None:
        if teller:
            teller(name, text)
        elif text:
            log.info("%s", text)

    return say


@contextmanager
def _told(home: Path) -> Iterator[None]:
    try:
        yield
    except AttainError as error:
        log.error("%s", error)
        path = outcome_file(home)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"exit_code": error.exit_code, "sentence": str(error)}), encoding="utf-8")
        raise


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
