"""`make run`: the DAG `score_period` executed through Airflow in this process, then a summary.

Airflow's own output goes to a file; the terminal shows progress and, at the end, what a person wants to know.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from attain import environment
from attain.company import load_company
from attain.errors import AttainError
from attain.inputs import scored_period


def main() -> int:
    """Exit code 0 done, 1 a gate stopped the run, 2 wrong input, 3 internal error."""
    asked = _arguments()
    try:
        now = dt.datetime.now(dt.UTC)
        company = environment.choose_company(asked.company, environment.sample_day(now))
        home = environment.home_of(company)
        period = asked.period or environment.sample_period(company)
        if period:
            settings = load_company(company)
            scored_period(settings, period, settings.day_of(now))
        environment.apply(home)
        os.environ["ATTAIN_COMPANY"] = str(company)
        return _run(home, period, asked.as_of)
    except AttainError as error:
        print(error, file=sys.stderr)
        return error.exit_code


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", description="Run score_period through Airflow.")
    parser.add_argument("--company", help="company folder (default: ATTAIN_COMPANY, else a sample that is made)")
    parser.add_argument("--period", help="month to score, like 2026-01 (default: the last complete month)")
    parser.add_argument("--as-of", help="knowledge: only what was landed by this instant counts")
    return parser.parse_args()


def _run(home: Path, period: str | None, as_of: str | None) -> int:
    from attain.airflow_tasks import outcome_file
    from attain.summary import Progress, show

    outcome_file(home).unlink(missing_ok=True)
    log = home / "logs" / "airflow-run.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    with _output_to(log) as terminal:
        progress = Progress(terminal)
        try:
            state = _run_dag(home, period, as_of, progress)
        finally:
            progress.close()
    if state != "success":
        return _tell_failure(home, log)
    show(home, sys.stdout, total_seconds=time.perf_counter() - start)
    return 0


def _run_dag(home: Path, period: str | None, as_of: str | None, progress: Any) -> str:
    progress("airflow", "")
    _migrate(home)
    from airflow.dag_processing.dagbag import DagBag

    from attain import airflow_tasks

    airflow_tasks.teller = progress
    bag = DagBag(str(environment.DAGS))
    if bag.import_errors:
        raise AttainError(f"A DAG cannot be read: {bag.import_errors}.")
    conf = {name: value for name, value in (("period", period), ("as_of", as_of)) if value}
    run = bag.dags["score_period"].test(run_conf=conf)
    return str(run.state)


def _migrate(home: Path) -> None:
    """Airflow's own metadata database: created the first time, a moment's check afterwards."""
    from airflow.utils import db

    stamp = home / "airflow" / "migrated"
    version = environment.airflow_version()
    if stamp.exists() and stamp.read_text() == version:
        return
    (home / "airflow").mkdir(parents=True, exist_ok=True)
    db.initdb()
    stamp.write_text(version)


def _tell_failure(home: Path, log: Path) -> int:
    from attain.airflow_tasks import outcome_file

    path = outcome_file(home)
    if path.exists():
        outcome = json.loads(path.read_text(encoding="utf-8"))
        print(outcome["sentence"], file=sys.stderr)
        return int(outcome["exit_code"])
    print(f"The run failed; Airflow's output is in {log}.", file=sys.stderr)
    return 3


@contextmanager
def _output_to(log: Path) -> Iterator[TextIO]:
    """Sends everything this process prints to `log`; gives a handle on the terminal."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept_out, kept_err = os.dup(1), os.dup(2)
    file = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o644)
    terminal = os.fdopen(os.dup(kept_out), "w", encoding="utf-8")
    os.dup2(file, 1)
    os.dup2(file, 2)
    try:
        yield terminal
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(kept_out, 1)
        os.dup2(kept_err, 2)
        for descriptor in (file, kept_out, kept_err):
            os.close(descriptor)
        terminal.close()


if __name__ == "__main__":
    sys.exit(main())
