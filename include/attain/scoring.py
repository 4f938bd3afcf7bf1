"""A scoring run, stage by stage. An Airflow task, the command line and a test call these same functions.

A run works in a folder of its own, `runs/<label>/`, so nothing that fails there can touch what is published.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from attain import conform, mapping
from attain.company import Company, load_company
from attain.environment import EXPECTATIONS
from attain.errors import Corrupt, GateStopped, InputError
from attain.fingerprint import code_version, inputs_hash
from attain.frozen import give_frozen
from attain.inputs import RunFacts, input_tables, scored_period
from attain.landing import Batch, Landing
from attain.ledger import GENESIS, Ledger
from attain.modelling import ModelResult, Progress, Workplace, build
from attain.plans.flatten import flatten, kinds_to_date
from attain.plans.loader import load_plans
from attain.plans.support import refuse_unsupported
from attain.publish.set import PublishedSet, current
from attain.quality import limits
from attain.quality.results import Gate, GateResult
from attain.refresh import base
from attain.refresh.beginning import begun
from attain.sources.base import Report
from attain.sources.files import FileDrops

# What each stage builds; everything that is left belongs to the last one.
STAGES = {
    "stage": "path:models/staging path:models/intermediate/quality path:models/marts/quality/quarantine.sql",
    "score": "path:models/intermediate/people path:models/intermediate/targets path:models/intermediate/credits "
    "path:models/intermediate/facts path:models/intermediate/kpis path:models/intermediate/scores "
    "path:models/marts/performance path:models/marts/dims",
    "pay": "path:models/intermediate/crediting path:models/intermediate/pay path:models/intermediate/payment "
    "path:models/intermediate/settlement path:models/intermediate/statements path:models/marts/pay "
    "path:models/intermediate/finance path:models/marts/finance",
    "publish": "path:models/marts/quality/quality_results.sql path:models/marts/quality/publication.sql",
}
GATES: dict[str, Gate] = {"stage": "inputs", "score": "scores", "pay": "pay"}
KEPT_RUNS = 3


@dataclass(frozen=True)
class Run:
    """What identifies one run; kept as run.json in its folder, so any process can take up its next stage.

    `known_batches` is how many batches were known to the run whose files this one began with, None without one.
    """

    label: str
    run_id: str
    company: str
    home: str
    period: str
    as_of: str
    started_at: str
    known_batches: int | None = None

    @property
    def folder(self) -> Path:
        return Path(self.home) / "runs" / self.label

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def marts(self) -> Path:
        return self.folder / "attain.duckdb"

    def workplace(self) -> Workplace:
        return Workplace(self.warehouse, self.marts, Path(self.home) / "dbt")


def land(company: Company, home: Path, now: dt.datetime, progress: Callable[[str], None] | None = None) -> Report:
    """Bring what is new in the company's inbox into landing. Raises InputError for a file that cannot be read."""
    return FileDrops(company).extract(Landing(home / "landing"), now, progress)


def begin(company_folder: Path, home: Path, period: str | None, as_of: dt.datetime | None, now: dt.datetime) -> Run:
    """Fix the inputs of a run (period, knowledge, plans, ledger head) and prepare its warehouse.

    `period` defaults to the last month that ended before `now`; `as_of` to the newest batch. Raises InputError for a
    period or plan that is wrong, or when nothing was ever landed.
    """
    company = load_company(company_folder)
    chosen = scored_period(company, period or last_complete_period(company, now), company.day_of(now))
    landing, ledger = Landing(home / "landing"), Ledger(home / "ledger")
    standing = _standing(home)
    landing.refuse_loss(standing.batch_ids if standing else [])
    batches = _known_batches(company, landing, as_of)
    known_at = as_of or batches[-1].sealed_at
    book = load_plans(company)
    refuse_unsupported(book)
    tables = flatten(book, company.currency, company.kpis)
    ledger.refuse_loss(standing.ledger_head if standing else GENESIS)
    run_id = inputs_hash(company, batches, tables, ledger.head(), chosen.key)
    label = f"{chosen.key}-{run_id[:12]}-{now:%Y%m%dT%H%M%S%f}"
    run = Run(label, run_id, str(company_folder), str(home), chosen.key, known_at.isoformat(), now.isoformat())
    _sweep_runs(home)
    # The writer lock is held, so a folder of this very name is a dead run's.
    shutil.rmtree(run.folder, ignore_errors=True)
    run.folder.mkdir(parents=True)
    wanted = base.base_of(company, chosen.key)
    with begun(home, wanted, run.warehouse, run.marts, batches, run_id) as start:
        prepare(start.con, company, RunFacts(run_id, chosen, known_at, now), tables)
        conform.conform(start.con, landing, mapping.load_mappings(company), known_at, known=start.known)
        ledger.load(start.con)
        give_frozen(start.con, ledger.earnings())
        run = replace(run, known_batches=start.known)
    (run.folder / "run.json").write_text(json.dumps(asdict(run), indent=1), encoding="utf-8")
    return run


def _known_batches(company: Company, landing: Landing, as_of: dt.datetime | None) -> list[Batch]:
    batches = landing.batches(as_of=as_of)
    if batches:
        return batches
    later = landing.batches()
    if later:
        raise InputError(
            f"Nothing had been delivered by {as_of.isoformat() if as_of else 'now'}; the first delivery landed at "
            f"{later[0].sealed_at.isoformat()}."
        )
    raise InputError(
        f"Nothing has been delivered: {company.inbox} holds no file of a known stream. Put at least participants.csv "
        "and deals.csv there, or make a sample: attain sample."
    )


def _standing(home: Path) -> PublishedSet | None:
    """The published set: it tells what was landed and booked when it was made. A damaged one says nothing."""
    try:
        return current(home)
    except Corrupt:
        return None


def resume(folder: Path) -> Run:
    """The run whose folder this is."""
    return Run(**json.loads((folder / "run.json").read_text(encoding="utf-8")))


def prepare(
    con: duckdb.DuckDBPyConnection, company: Company, facts: RunFacts, plan_tables: dict[str, pa.Table]
) -> None:
    """Schema `inputs` of an open warehouse: the run, its calendar, the plans, the limits of the gates."""
    con.execute("create schema if not exists inputs")
    for name, table in given_tables(company, facts, plan_tables).items():
        con.register("given", table)
        con.execute(f'create table inputs."{name}" as select * from given')
        con.unregister("given")


def given_tables(company: Company, facts: RunFacts, plan_tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables of schema `inputs` by name: the run, its calendar, these plans, the limits of the gates."""
    own = limits.overrides(company.quality, EXPECTATIONS)
    to_date = kinds_to_date(plan_tables["components"])
    return {**input_tables(company, facts, to_date), **plan_tables, "quality_limits": _limit_table(own)}


def _limit_table(own: list[limits.Limit]) -> pa.Table:
    schema = pa.schema(
        [
            ("check", pa.string()),
            ("stream_or_table", pa.string()),
            ("field", pa.string()),
            ("limit", pa.decimal128(24, 6)),
            ("severity", pa.string()),
        ]
    )
    return pa.Table.from_pylist([asdict(limit) for limit in own], schema)


def stage(run: Run, name: str, progress: Progress | None = None) -> list[ModelResult]:
    """Build the models of one stage (`stage`, `score`, `pay`). Raises AttainError naming the model that failed."""
    return build(run.workplace(), STAGES[name], progress)


def stream_counts(run: Run) -> list[tuple[str, int, int, int, int]]:
    """Rows per stream: landed = staged + superseded + quarantined."""
    with duckdb.connect(str(run.warehouse), read_only=True) as con:
        return con.sql(
            "select stream, landed, staged, superseded, quarantined from intermediate.int_stream_counts order by stream"
        ).fetchall()


def gate(run: Run, name: str) -> GateResult:
    """Judge what a stage built and record the findings. Raises GateStopped with the sentence that matters."""
    from attain.quality.gate import run_gate
    from attain.quality.results import record

    result = run_gate(
        GATES[name], warehouse=run.warehouse, marts=run.marts, expectations=EXPECTATIONS, run_id=run.run_id
    )
    record(run.warehouse, [result])
    if result.stopped:
        findings = "\n".join(f"  - {check.sentence}" for check in result.failed)
        standing = current(Path(run.home))
        stands = f"the set of {standing.period} stands" if standing else "as before"
        page = run.folder / "quality.html"
        page.write_text(_quality_page(run, load_company(Path(run.company))), encoding="utf-8")
        raise GateStopped(
            f"Gate {result.gate} stopped the run for {run.period}; nothing was published, {stands}.\n"
            f"{findings}\n  What was found: {page}; every row in quarantine: table marts.quarantine of {run.marts}."
        )
    return result


def _quality_page(run: Run, company: Company) -> str:
    from attain.quality.page import render_page, stream_counts
    from attain.quality.results import stored

    facts = {"company": company.name, "period": run.period, "run_id": run.run_id, "as_of": run.as_of}
    counts = stream_counts(run.warehouse, run.marts)
    return render_page(stored(run.warehouse, run.run_id), counts, facts, company.locale)


def publish(run: Run, now: dt.datetime) -> Any:
    """Publish the run's marts as one immutable set and clear the period's run folders; gives the PublishedSet."""
    from attain.publish.set import publish as publish_set
    from attain.publish.set_seal import SetFacts

    company = load_company(Path(run.company))
    with duckdb.connect(str(run.warehouse)) as con:
        con.execute("update inputs.run set published_at = $now", {"now": now.replace(tzinfo=None)})
    build(run.workplace(), STAGES["publish"])
    published = publish_set(
        run.folder,
        Path(run.home),
        facts=SetFacts(
            company=company,
            period=run.period,
            run_id=run.run_id,
            as_of=dt.datetime.fromisoformat(run.as_of),
            quality_page=_quality_page(run, company),
            provenance=_provenance(run),
        ),
        keep=company.keep_sets,
        now=now,
    )
    base.keep(Path(run.home), run.warehouse, base.base_of(company, run.period), published.name)
    # What earlier runs of this period left is of no use any more.
    for folder in (Path(run.home) / "runs").glob(f"{run.period}-*"):
        shutil.rmtree(folder, ignore_errors=True)
    return published


def last_complete_period(company: Company, now: dt.datetime) -> str:
    """The last month that ended before `now` in the company's time zone."""
    return company.calendar.next_month(company.calendar.month_of(company.day_of(now)).key, -1)


def _provenance(run: Run) -> dict[str, Any]:
    with duckdb.connect(str(run.warehouse), read_only=True) as con:
        batches = con.sql("select batch_id, stream, source_ref from landing.batches order by batch_no").fetchall()
        plans = con.sql("select plan_version_id, fingerprint from inputs.plans order by 1").fetchall()
    return {
        "batches": [dict(zip(("batch_id", "stream", "source_ref"), row, strict=True)) for row in batches],
        "plans": dict(plans),
        "ledger_head": Ledger(Path(run.home) / "ledger").head(),
        "code": code_version(),
    }


def _sweep_runs(home: Path) -> None:
    """Folders of runs that ended badly stay for a look; only the newest few."""
    folders = sorted((home / "runs").glob("*/"), key=lambda folder: folder.stat().st_mtime)
    for folder in folders[: -KEPT_RUNS or None]:
        shutil.rmtree(folder, ignore_errors=True)
    for unfinished in (home / "logs" / "runs").glob("*.new"):
        unfinished.unlink(missing_ok=True)
