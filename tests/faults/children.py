"""Processes made for dying: forked from one that has everything imported, because the imports cost more than a run.

`multiprocessing`'s fork server imports this module once; `Attempt` is a run and a close in a child of it.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path
from typing import Any
from unittest import mock

from tests.faults.points import Point, Trap, die

from attain import environment

_FOREVER = 600.0
KILLED = -9


@dataclass(frozen=True)
class Job:
    """What a child does: run the period, close it if `close`, reject its close if `reject`; `strike` (a module's
    function) at `point`."""

    company: Path
    home: Path
    period: str
    now: dt.datetime
    run: bool = True
    close: bool = False
    reject: bool = False
    set_hash: str | None = None
    point: Point | None = None
    strike: Callable[[Path], None] = die


def context() -> Any:
    """The fork server's context; its first use starts the server."""
    chosen = multiprocessing.get_context("forkserver")
    chosen.set_forkserver_preload(["tests.faults.preloaded"])
    # The server imports before it learns this process's path, and says nothing when an import fails.
    places = os.pathsep.join([str(environment.PROJECT), str(environment.PROJECT / "include")])
    with mock.patch.dict(os.environ, PYTHONPATH=places):
        forkserver.ensure_running()
    return chosen


def start(job: Job) -> Any:
    """A child at work on the job."""
    child = context().Process(target=_work, args=(job,))
    child.start()
    return child


def finish(job: Job) -> int:
    """Do the job to its end, or to its point. Gives the exit code; -9 is a kill."""
    child = start(job)
    child.join(_FOREVER)
    assert child.exitcode is not None, f"the child hangs: {job}"
    return int(child.exitcode)


def kill_after(job: Job, seconds: float) -> bool:
    """Start the job and kill it after so long; says whether it was still at work then."""
    child = start(job)
    child.join(seconds)
    if child.exitcode is None:
        child.kill()
        child.join(_FOREVER)
    assert child.exitcode in (0, KILLED), f"ended with {child.exitcode}: {log_of(job).read_text()}"
    return bool(child.exitcode == KILLED)


def log_of(job: Job) -> Path:
    """Where a child that failed leaves its sentence: not in the state folder, which may be full."""
    return job.company.parent / "child.log"


def _work(job: Job) -> None:
    log = log_of(job)
    try:
        job.home.mkdir(parents=True, exist_ok=True)
        _do(job)
        code = 0
    except BaseException as error:
        code = getattr(error, "exit_code", 70)
        log.write_text(str(error) if hasattr(error, "exit_code") else traceback.format_exc(), encoding="utf-8")
    sys.stdout.flush()
    os._exit(code)


def _do(job: Job) -> None:
    assert "great_expectations" in sys.modules, "the fork server has not imported tests.faults.preloaded"
    from attain.approval import REJECTED, Approval
    from attain.closing import close_period, reject_close
    from attain.pipeline import run_all

    environment.apply(job.home)
    trap = Trap(job.point, job.home, job.strike) if job.point else None
    during = job.point.during if job.point else ""
    if job.run:
        if trap and during == "run":
            trap.lay()
        run_all(job.company, job.home, job.period, None, job.now, trap.teller if trap else None)
    if job.close:
        if trap and during == "close":
            trap.lay()
        close_period(job.company, job.home, job.period, "Dana", job.set_hash, job.now, trap.teller if trap else None)
    if job.reject:
        if trap and during == "rejection":
            trap.lay()
        at = job.now.isoformat()
        reject_close(job.home, Approval(job.period, job.set_hash or "", REJECTED, "Dana", "Zhou", at, "attain close"))
