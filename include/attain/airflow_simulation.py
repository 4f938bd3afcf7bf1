"""What the task of DAG `simulate_plan` calls: a draft of the company folder beside the plans in force."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

from attain import airflow_told, environment
from attain.airflow_tasks import instant
from attain.errors import AttainError, InputError
from attain.storage import told

log = logging.getLogger("attain")


def simulate(draft: str, periods: str, as_of: str | None, now: dt.datetime) -> dict[str, str]:
    """Simulate, write what comes out into the log, and give the page's path.

    `draft` is relative to the company folder. Raises AttainError with the sentence that matters.
    """
    from attain.simulation.command import Request
    from attain.simulation.command import simulate as simulated

    home, company = environment.home(), environment.company()
    try:
        with told(home):
            request = Request(company, home, _inside(company, draft), periods, instant(as_of, now))
            done = simulated(request, now, lambda step: log.info("%s", step))
    except AttainError as error:
        log.error("%s", airflow_told.wrapped(str(error)))
        raise
    lines = [*done.headlines(), f"Page: {done.files[0]}"]
    airflow_told.tell(log, [(logging.INFO, line) for line in lines])
    return {"page": str(done.files[0])}


def _inside(company: Path, draft: str) -> Path:
    """The draft's place in the company folder: whoever may trigger a run may not read the whole machine with it."""
    path = (company / draft).resolve()
    if not path.is_relative_to(company.resolve()):
        raise InputError(f"{draft}: lies outside the company folder {company}; put the draft there, in drafts/ say.")
    return path
