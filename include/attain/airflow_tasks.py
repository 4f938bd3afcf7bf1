"""What the DAGs' tasks call: a step of the pipeline, under the writer lock, its failure told in a sentence."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from attain import airflow_told, environment, pipeline, scoring
from attain.company import load_company
from attain.errors import AttainError, Busy, InputError
from attain.journal import Journal
from attain.publish.set import current
from attain.storage import told
from attain.writer_lock import WriterLock

log = logging.getLogger("attain")

# Set by `make run`, which shows progress on the terminal while Airflow's own output goes to a file.
teller: Callable[[str, str], None] | None = None


def extract(holder: str) -> dict[str, Any]:
    """Bring the inbox into landing. Gives `rows` that are new and the `streams` they belong to."""
    home, company = environment.home(), environment.company()
    with _told(home), WriterLock(home).held(holder):
        landed = pipeline.land(company, home, _now(), _say("land"))
        airflow_told.tell(log, airflow_told.landed(landed))
        return {"rows": landed["rows"], "streams": landed["streams"]}


def begin(holder: str, period: str | None, as_of: str | None, interval_start: dt.datetime | None) -> str:
    """Take the lock, land the inbox, fix the run's inputs. Gives the run's folder."""
    home, company = environment.home(), environment.company()
    with _told(home):
        WriterLock(home).acquire(holder, hand_over=True)
        chosen = period or _period_of(company, interval_start)
        pipeline.refuse_period(company, chosen, _now())
        landed = pipeline.land(company, home, _now(), _say("land"))
        airflow_told.tell(log, airflow_told.landed(landed))
        run = pipeline.begin(company, home, chosen, instant(as_of, _now()), _now(), landed)
        airflow_told.tell(log, airflow_told.begun(asdict(run)))
        return str(run.folder)


def step(holder: str, folder: str, name: str) -> dict[str, Any]:
    """One step of the run in `folder`, in whichever process Airflow starts it. Gives `period` and, at last, `set`.

    A step that is run again after its run had ended takes the lock back first.
    """
    home = environment.home()
    with _told(home):
        run = _resumed(Path(folder))
        WriterLock(home).renew(holder)
        _say(name)("")
        before = current(home) if name == "publish" else None
        pipeline.step(run, name, _now(), teller)
        journal = Journal(home, run.label).read()
        airflow_told.tell(log, airflow_told.done(journal, name))
        if before:
            airflow_told.tell(log, airflow_told.replaced(before.period, run.period))
        return {"period": run.period, **({"set": journal["published"]["set"]} if name == "publish" else {})}


def release(holder: str) -> None:
    """Give the lock back, however the run ended."""
    WriterLock(environment.home()).release(holder)


def instant(text: str | None, now: dt.datetime) -> dt.datetime | None:
    """An as-of instant given as text, in UTC unless it says otherwise. Raises InputError, also for one after `now`."""
    if not text:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"as_of {text!r} is not an instant; write it like 2026-11-03T08:00:00Z.") from error
    found = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    if found > now:
        raise InputError(
            f"as_of {found.isoformat()} lies in the future: what will be known then is not known at {now.isoformat()}. "
            "Leave it out to count all that was delivered."
        )
    return found


def outcome_file(home: Path) -> Path:
    """Where the last failure is left for whoever started the DAG in this process."""
    return home / "logs" / "outcome.json"


def _resumed(folder: Path) -> scoring.Run:
    if not (folder / "run.json").exists():
        raise InputError(
            f"The folder of this run is gone ({folder}): it is removed when its set is published, and only the newest "
            f"{scoring.KEPT_RUNS} of the runs that failed are kept. Trigger a new run for the period instead."
        )
    return scoring.resume(folder)


def _period_of(company: Path, interval_start: dt.datetime | None) -> str | None:
    """The month of a scheduled or backfilled run's data interval; none for a run started by hand."""
    if interval_start is None:
        return None
    return load_company(company).calendar.month_of(interval_start.date()).key


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
        with told(home):
            yield
    except AttainError as error:
        log.error("%s", airflow_told.wrapped(str(error)))
        path = outcome_file(home)
        # On a full disk the sentence in the log has to do.
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"exit_code": error.exit_code, "sentence": str(error)}), encoding="utf-8")
        if isinstance(error, Busy):
            if teller:
                teller("land", f"Waiting, and trying again every minute: {error}")
            raise
        from airflow.sdk.exceptions import AirflowFailException

        # Only another run at work goes away by waiting; anything else needs a person, so nothing is tried again.
        # Without its cause: the sentence stands above, the calls that led to it help nobody who reads it.
        raise AirflowFailException(str(error).splitlines()[0]) from None


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
