"""What the benchmark measures, each in a process of its own: `land`, the whole `run`, or the `floor`.

`again` is the run of the next day.

Prints one JSON line per stage with the instants (monotonic) between which it ran and the CPU seconds it took.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import company
import duckdb

THREADS = 2
MEMORY = "4GB"


def main(task: str, *folders: str) -> None:
    """Run one task in this process."""
    places = [Path(folder) for folder in folders]
    {"run": run, "again": partial(run, now=company.NEXT_DAY), "floor": floor}[task](*places)


def run(folder: Path, home: Path, now: dt.datetime = company.NOW) -> None:
    """Everything from the inbox to the published set, as the command line does it."""
    with _stage("start"):
        from attain import modelling, pipeline
        from attain.journal import Journal
        from attain.writer_lock import WriterLock
    # Once per version of the project, not per run: what dbt compiles is kept.
    with _stage("compile"):
        modelling.project(home / "dbt")
    with WriterLock(home).held("bench"):
        with _stage("land"):
            landed = pipeline.land(folder, home, now)
        with _stage("prepare"):
            started = pipeline.begin(folder, home, company.PERIOD, None, now, landed)
        for name, _ in pipeline.STEPS:
            with _stage(name):
                pipeline.step(started, name, now)
    journal = Journal(home, started.label).read()
    slowest = [model for name in ("stage", "score", "pay") for model in journal[f"models_{name}"]["slowest"]]
    _tell({"slowest": sorted(slowest, key=lambda model: -model[1])[:8]})


def floor(landing: Path, out: Path) -> None:
    """The hand-written script over the same landed files."""
    template = (Path(__file__).parent / "floor.sql").read_text(encoding="utf-8")
    with _stage("floor"):
        out.mkdir(parents=True)
        with duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY}) as con:
            con.execute(template.format(landing=landing, out=out, tiers=_tiers()))


def _tiers() -> str:
    """The tiers as rows (from, to, rate) with exact decimals."""
    starts = [f"{since:g}" for since, _ in company.TIERS]
    ends = [*starts[1:], None]
    rows = [
        f"({start}::decimal(4, 2), {end or 'null'}::decimal(4, 2), {rate:g}::decimal(6, 4))"
        for start, end, (_, rate) in zip(starts, ends, company.TIERS, strict=True)
    ]
    return ", ".join(rows)


@contextmanager
def _stage(name: str) -> Iterator[None]:
    began, cpu = time.monotonic(), _cpu()
    yield
    _tell({"stage": name, "from": began, "to": time.monotonic(), "cpu": _cpu() - cpu})


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _tell(facts: dict[str, object]) -> None:
    print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
