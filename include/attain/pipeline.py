"""The steps of a scoring run in their order, with a journal: one go on the command line, tasks in the DAG."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from attain import scoring
from attain.company import load_company
from attain.errors import GateStopped, InputError
from attain.inputs import scored_period
from attain.journal import Journal, attempted, ending, newest_journal, sentence_of
from attain.lineage import Lineage
from attain.modelling import ModelResult
from attain.publish.set import current
from attain.quality.results import GateResult
from attain.scoring import Run
from attain.sources.base import Report
from attain.storage import told
from attain.writer_lock import WriterLock

# (step, what a person reads beside it); a gate judges what the step before it built.
STEPS = (
    ("stage", "Staging: type, check, keep the latest version"),
    ("gate_stage", "Gate: inputs"),
    ("score", "Credits, KPIs and scores"),
    ("gate_score", "Gate: scores"),
    ("pay", "Earnings, payouts, settlement"),
    ("gate_pay", "Gate: pay"),
    ("publish", "Publish one set"),
)
Teller = Callable[[str, str], None]


def land(
    company_folder: Path, home: Path, now: dt.datetime, progress: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """Step one: the inbox into landing; gives what was delivered as plain facts."""
    start = time.perf_counter()
    with attempted(home, "landing", now):
        company = load_company(company_folder)
        facts = _landing_facts(scoring.land(company, home, now, progress))
    facts["warnings"] = [*company.passed_over, *facts["warnings"]]
    return {**facts, "seconds": time.perf_counter() - start}


def refuse_period(company_folder: Path, period: str | None, now: dt.datetime) -> None:
    """Raises InputError for a period that cannot be scored, before anything is landed for it."""
    if period:
        company = load_company(company_folder)
        scored_period(company, period, company.day_of(now))


def begin(
    company_folder: Path,
    home: Path,
    period: str | None,
    as_of: dt.datetime | None,
    now: dt.datetime,
    landed: dict[str, Any],
) -> Run:
    """Step two: fix the inputs and open the run's folder and journal."""
    start = time.perf_counter()
    with attempted(home, "fixing the inputs", now):
        run = scoring.begin(company_folder, home, period, as_of, now)
    journal = Journal(home, run.label)
    journal.note(run=asdict(run), landed=landed, seconds={"land": landed["seconds"]})
    journal.note(seconds={"begin": time.perf_counter() - start})
    Lineage(home, run.label).started("", now)
    return run


def step(run: Run, name: str, now: dt.datetime, teller: Teller | None = None) -> None:
    """One of STEPS. Raises GateStopped or another AttainError with the sentence that matters."""
    home = Path(run.home)
    journal, lineage = Journal(home, run.label), Lineage(home, run.label)
    start = time.perf_counter()
    lineage.started(name, now)
    try:
        with told(home):
            journal.note(**_do(run, name, now, teller), failed=None)
    except Exception as error:
        lineage.failed(name, _later(now, start), error)
        _note_failure(journal, name, error)
        raise
    finally:
        journal.note(seconds={name: time.perf_counter() - start})
    lineage.completed(name, _later(now, start))
    published = current(home) if name == "publish" else None
    if published:
        lineage.published(_later(now, start), published.seal, home)


def _note_failure(journal: Journal, name: str, error: Exception) -> None:
    # On a full disk the sentence that is shown has to do.
    with suppress(OSError):
        journal.note(failed={"step": name, "title": dict(STEPS)[name], "sentence": sentence_of(error)})


def _later(now: dt.datetime, start: float) -> dt.datetime:
    """The instant of an end: the clock was read once, at the beginning."""
    return now + dt.timedelta(seconds=time.perf_counter() - start)


def run_all(
    company_folder: Path,
    home: Path,
    period: str | None,
    as_of: dt.datetime | None,
    now: dt.datetime,
    teller: Teller | None = None,
) -> dict[str, Any]:
    """A whole run in this process, under the writer lock; gives its journal. Raises what its steps raise."""
    with told(home), WriterLock(home).held(f"attain run {period or ''}".strip() + f" ({now:%Y-%m-%d %H:%M:%S})"):
        return run_locked(company_folder, home, period, as_of, now, teller)


def run_locked(
    company_folder: Path,
    home: Path,
    period: str | None,
    as_of: dt.datetime | None,
    now: dt.datetime,
    teller: Teller | None = None,
    lands: bool = True,
) -> dict[str, Any]:
    """As `run_all`, for a caller that holds the writer lock; without `lands` it leaves the inbox alone."""
    tell = teller or (lambda _step, _detail: None)
    refuse_period(company_folder, period, now)
    landed: dict[str, Any] = {**_landing_facts(Report()), "seconds": 0.0}
    if lands:
        tell("land", "")
        landed = land(company_folder, home, now, lambda text: tell("land", text))
    run = begin(company_folder, home, period, as_of, now, landed)
    for name, _ in STEPS:
        tell(name, "")
        step(run, name, now, teller)
    return Journal(home, run.label).read()


def publish_newest(home: Path, now: dt.datetime, teller: Teller | None = None) -> dict[str, Any]:
    """Publish what the newest run built, where its gates passed and publishing did not end; gives its journal.

    A run that is published stays so. Raises InputError when there is nothing that may be published.
    """
    with told(home), WriterLock(home).held(f"attain publish ({now:%Y-%m-%d %H:%M:%S})"):
        known = newest_journal(home)
        if not known:
            raise InputError("Nothing was run yet, so there is nothing to publish; run a period first: attain run.")
        if "published" in known:
            return known
        run = Run(**known["run"])
        if "gate_pay" not in known or not run.marts.exists():
            raise InputError(
                f"The newest run, of {run.period}, {ending(known)[0]}; only what has passed every gate is published. "
                f"Run it again: attain run --period {run.period}."
            )
        (teller or (lambda _step, _detail: None))("publish", "")
        step(run, "publish", now, teller)
        return Journal(home, run.label).read()


def _do(run: Run, name: str, now: dt.datetime, teller: Teller | None) -> dict[str, Any]:
    if name.startswith("gate_"):
        gate = name.removeprefix("gate_")
        try:
            return {name: _gate_facts(scoring.gate(run, gate))}
        except GateStopped as stop:
            journal = Journal(Path(run.home), run.label)
            sentence = str(stop) + (_noticed(journal) if gate == "stage" else "")
            journal.note(stopped=sentence)
            raise GateStopped(sentence) from stop
    if name == "publish":
        published = scoring.publish(run, now)
        return {"published": {"set": published.name, "hash": published.hash, "is_new": published.is_new}}
    progress = (lambda model: teller(name, model)) if teller else None
    facts: dict[str, Any] = {f"models_{name}": _model_facts(scoring.stage(run, name, progress))}
    if name == "stage":
        facts["rows"] = scoring.stream_counts(run)
    return facts


def _noticed(journal: Journal) -> str:
    """What landing noticed in the files: often the reason of what the gate of inputs finds, and else not shown."""
    sentences = journal.read()["landed"]["warnings"]
    return "".join(["\nWhen the files were read:", *(f"\n  - {text}" for text in sentences)]) if sentences else ""


def _landing_facts(report: Report) -> dict[str, Any]:
    return {
        "deliveries": [
            {
                "stream": one.stream,
                "source_ref": one.source_ref,
                "outcome": one.outcome,
                "rows": one.delivered,
            }
            for one in report.deliveries
        ],
        "rows": report.landed,
        "streams": list(report.streams),
        "warnings": list(report.warnings),
    }


def _gate_facts(result: GateResult) -> dict[str, Any]:
    return {
        "gate": result.gate,
        "checks": len(result.checks),
        "passed": sum(check.status == "passed" for check in result.checks),
        "warnings": [[check.check, check.sentence, check.sentence_zh] for check in result.warned],
    }


def _model_facts(results: list[ModelResult]) -> dict[str, Any]:
    slowest = sorted(results, key=lambda result: -result.seconds)[:5]
    return {
        "models": sum(result.kind == "model" for result in results),
        "tests": sum(result.kind == "test" for result in results),
        "slowest": [[result.name, round(result.seconds, 2)] for result in slowest],
    }
