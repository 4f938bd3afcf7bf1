"""dbt, called in this process: build the models of a stage, or hand out their compiled SQL.

One process for all models: thirty models as thirty subprocesses took twenty times as long.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from attain.environment import DBT_PROJECT
from attain.errors import AttainError

Progress = Callable[[str], None]


@dataclass(frozen=True)
class ModelResult:
    """How one model or data test of a build ended. `rows` is None for views and tests."""

    name: str
    kind: str
    status: str
    seconds: float
    message: str


@dataclass(frozen=True)
class CompiledModel:
    """A model as the engine will run it: schema-qualified name, how it is stored, its SELECT and what it reads."""

    unique_id: str
    relation: str
    materialized: str
    sql: str
    parents: tuple[str, ...]
    layer: str


@dataclass(frozen=True)
class Workplace:
    """The files a build works in: the run's warehouse, the marts it makes, where dbt may keep its own things."""

    warehouse: Path
    marts: Path
    scratch: Path
    memory_limit: str = "4GB"

    def variables(self) -> dict[str, str]:
        """The environment under which the dbt profile finds these files; nothing is reported to anybody."""
        return {
            "ATTAIN_WAREHOUSE": str(self.warehouse),
            "ATTAIN_MARTS": str(self.marts),
            "ATTAIN_MEMORY_LIMIT": self.memory_limit,
            "ATTAIN_TEMP": str(self.warehouse.parent / "spill"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DO_NOT_TRACK": "1",
        }


def build(workplace: Workplace, select: str, progress: Progress | None = None) -> list[ModelResult]:
    """Build the selected models and run their data tests. Raises AttainError naming what failed and why."""
    args = ["build", "--select", *select.split(), "--exclude-resource-type", "unit_test"]
    with _environment(workplace):
        outcome = _invoke(workplace, args, progress)
    results = [_result(result) for result in outcome.result.results] if outcome.result else []
    failed = [result for result in results if result.status not in ("success", "pass", "warn", "skipped")]
    if failed:
        told = "; ".join(f"{result.kind} {result.name}: {result.message}" for result in failed[:5])
        raise AttainError(f"The build failed at {len(failed)} place(s): {told}.")
    if not outcome.success:
        raise AttainError(f"The build could not run: {outcome.exception}.")
    return results


def compiled(workplace: Workplace) -> list[CompiledModel]:
    """All models in an order in which they can be run, as SQL that is the same for every company and run."""
    with _environment(workplace):
        outcome = _invoke(workplace, ["compile"], None)
    if not outcome.success:
        raise AttainError(f"The models could not be compiled: {outcome.exception}.")
    nodes = {
        result.node.unique_id: result.node for result in outcome.result.results if result.node.resource_type == "model"
    }
    return [_compiled(nodes[unique_id], nodes) for unique_id in _in_order(nodes)]


def _compiled(node: Any, nodes: dict[str, Any]) -> CompiledModel:
    return CompiledModel(
        unique_id=node.unique_id,
        relation=node.relation_name,
        materialized=node.config.materialized,
        sql=node.compiled_code,
        parents=tuple(parent for parent in node.depends_on.nodes if parent in nodes)
        + tuple(parent for parent in node.depends_on.nodes if parent.startswith("source.")),
        layer=node.fqn[1],
    )


def _in_order(nodes: dict[str, Any]) -> Iterator[str]:
    done: set[str] = set()

    def visit(unique_id: str) -> Iterator[str]:
        if unique_id in done:
            return
        done.add(unique_id)
        for parent in sorted(nodes[unique_id].depends_on.nodes):
            if parent in nodes:
                yield from visit(parent)
        yield unique_id

    for unique_id in sorted(nodes):
        yield from visit(unique_id)


def _invoke(workplace: Workplace, args: list[str], progress: Progress | None) -> Any:
    from dbt.cli.main import dbtRunner

    callbacks = [_teller(progress)] if progress else []
    runner = dbtRunner(manifest=_manifest(workplace.scratch), callbacks=callbacks)
    outcome = runner.invoke([*args, *_options(workplace)])
    _close_connections()
    return outcome


@cache
def _manifest(scratch: Path) -> Any:
    """The project, parsed once per process and kept by dbt between processes: models know nothing of a run.

    It is parsed under file names that never change, because dbt starts anew when its profile has changed.
    """
    from dbt.cli.main import dbtRunner

    place = scratch / "parse"
    neutral = Workplace(place / "warehouse.duckdb", place / "attain.duckdb", scratch)
    with _environment(neutral):
        parsed = dbtRunner().invoke(["parse", *_options(neutral)])
    if not parsed.success:
        raise AttainError(f"The dbt project cannot be read: {parsed.exception}.")
    return parsed.result


def _options(workplace: Workplace) -> list[str]:
    return [
        "--project-dir",
        str(DBT_PROJECT),
        "--profiles-dir",
        str(DBT_PROJECT),
        "--target-path",
        str(workplace.scratch / "target"),
        "--log-path",
        str(workplace.scratch / "logs"),
        "--quiet",
        "--no-version-check",
        "--no-write-json",
        # Every debug line costs a look at the log file's size: a third of the time of a small build.
        "--log-level-file",
        "warn",
    ]


def _close_connections() -> None:
    """dbt keeps its connection; the gate that follows opens the same file with its own settings."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager._ENV.close()
        DuckDBConnectionManager._ENV = None


def _teller(progress: Progress) -> Callable[[Any], None]:
    def tell(event: Any) -> None:
        if event.info.name == "NodeStart":
            progress(event.data.node_info.node_name)

    return tell


def _result(result: Any) -> ModelResult:
    return ModelResult(
        name=result.node.name,
        kind=str(result.node.resource_type),
        status=str(result.status),
        seconds=float(result.execution_time),
        message=" ".join(str(result.message or "").split())[:300],
    )


@contextmanager
def _environment(workplace: Workplace) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in workplace.variables()}
    os.environ.update(workplace.variables())
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
