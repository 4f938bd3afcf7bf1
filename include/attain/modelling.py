"""The dbt project as it runs: dbt compiles it once per version of the project, then its SQL is executed directly.

dbt spends 40 ms on every model it runs and 4 s on getting ready, which is more than most models take. What it compiles
is the same for every company and run (see docs/decisions), so it is kept; `dbt build` in the project makes the same
tables, which a test proves.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from attain import building
from attain.building import Column, CompiledModel, CompiledTest, ModelResult
from attain.environment import DBT_PROJECT
from attain.errors import AttainError
from attain.locality import Link, Locality, locality, restored
from attain.plurals import counted
from attain.refresh.relations import relations
from attain.refresh.remaking import Remaker, is_refreshing

__all__ = ["CompiledModel", "CompiledTest", "ModelResult", "Progress", "Project", "Workplace", "build", "project"]

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Project:
    """Everything dbt compiled: models in an order in which they can be run, and the data tests."""

    models: tuple[CompiledModel, ...]
    tests: tuple[CompiledTest, ...]


@dataclass(frozen=True)
class Workplace:
    """The files a build works in: the run's warehouse, the marts it makes, where compiled models are kept."""

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
    """Build the selected models and run their data tests. Raises AttainError naming what failed and why.

    `select` names folders or files of the dbt project, or models: `path:models/staging quarantine`.
    """
    whole = project(workplace.scratch)
    paths = [one.removeprefix("path:") for one in select.split()]
    models = [model for model in whole.models if _lies_in(model.path, paths)]
    chosen = {model.unique_id for model in models}
    tests = [test for test in whole.tests if chosen & set(test.parents) or _lies_in(test.path, paths)]
    with building.opened(
        workplace.warehouse, workplace.marts, workplace.memory_limit, workplace.warehouse.parent / "spill"
    ) as con:
        remaker = Remaker(con, relations(whole.models), select) if is_refreshing(con) else None
        results = building.run(con, models, tests, progress or (lambda _: None), remaker)
        failed = [result for result in results if result.status in ("error", "fail")]
        if failed:
            told = "; ".join(f"{result.kind} {result.name}: {result.message}" for result in failed[:5])
            raise AttainError(f"The build failed at {counted(len(failed), 'place')}: {told}.")
        if remaker:
            remaker.ended(con)
    return results


def _lies_in(path: str, paths: list[str]) -> bool:
    return any(path == one or path.startswith(one + "/") or Path(path).stem == one for one in paths)


@cache
def project(scratch: Path) -> Project:
    """The compiled project of this version of the models; compiled once and then kept in `scratch`.

    Several state folders may share what is compiled: ATTAIN_COMPILED then names the folder that keeps it.
    """
    folder = Path(os.environ.get("ATTAIN_COMPILED") or scratch)
    kept = folder / f"compiled-{_fingerprint()}.json"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Whoever comes second waits and finds it compiled.
        with (folder / "compiling.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                _compile_into(kept)
    return _read(kept)


def _compile_into(kept: Path) -> None:
    place = kept.parent / "parse"
    place.mkdir(exist_ok=True)
    fresh = kept.with_suffix(".new")
    found = _compile(Workplace(place / "warehouse.duckdb", place / "attain.duckdb", kept.parent))
    fresh.write_text(json.dumps(asdict(found)), encoding="utf-8")
    fresh.replace(kept)


def _read(kept: Path) -> Project:
    facts = json.loads(kept.read_text(encoding="utf-8"))
    return Project(
        tuple(
            CompiledModel(
                **{
                    **model,
                    "parents": tuple(model["parents"]),
                    "columns": tuple(Column(**column) for column in model["columns"]),
                    "local": restored(model["local"]),
                }
            )
            for model in facts["models"]
        ),
        tuple(
            CompiledTest(**{**test, "parents": tuple(test["parents"]), "local": restored(test["local"])})
            for test in facts["tests"]
        ),
    )


def _fingerprint() -> str:
    """Digest of all that compiling depends on: the project's files and dbt itself."""
    digest = hashlib.sha256(importlib.metadata.version("dbt-core").encode())
    for path in sorted(path for path in DBT_PROJECT.rglob("*") if path.suffix in (".sql", ".yml")):
        digest.update(str(path.relative_to(DBT_PROJECT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _compile(workplace: Workplace) -> Project:
    with _environment(workplace):
        outcome = _invoke(workplace, ["compile", "--exclude", "resource_type:unit_test"])
    if not outcome.success:
        raise AttainError(f"The models could not be compiled: {outcome.exception}.")
    nodes = {result.node.unique_id: result.node for result in outcome.result.results}
    models = {name: node for name, node in nodes.items() if node.resource_type == "model"}
    tests = sorted((node for node in nodes.values() if node.resource_type == "test"), key=lambda node: node.name)
    return Project(
        tuple(_compiled(models[unique_id], models) for unique_id in _in_order(models)),
        tuple(_compiled_test(node, models) for node in tests),
    )


def _compiled(node: Any, nodes: dict[str, Any]) -> CompiledModel:
    return CompiledModel(
        unique_id=node.unique_id,
        relation=node.relation_name,
        materialized=node.config.materialized,
        sql=node.compiled_code,
        parents=_parents(node, nodes),
        layer=node.fqn[1],
        path=node.original_file_path,
        columns=_contract(node) if node.config.contract.enforced else (),
        local=locality(node.config.meta),
    )


def _contract(node: Any) -> tuple[Column, ...]:
    return tuple(
        Column(column.name, column.data_type, any(str(rule.type.value) == "not_null" for rule in column.constraints))
        for column in node.columns.values()
    )


def _compiled_test(node: Any, models: dict[str, Any]) -> CompiledTest:
    return CompiledTest(
        name=node.name,
        sql=node.compiled_code,
        parents=_parents(node, models),
        path=node.original_file_path,
        local=locality(node.config.meta) or _local_grain(node, models),
    )


def _local_grain(node: Any, models: dict[str, Any]) -> Locality | None:
    """Rows of one grain have one key, when the key is a part of the grain."""
    generic = getattr(node, "test_metadata", None)
    if not generic or generic.name != "grain_is_unique":
        return None
    tested = models[node.attached_node]
    local = locality(tested.config.meta)
    if not local or not set(local.by) <= set(generic.kwargs["columns"]):
        return None
    return Locality(local.by, {tested.name: Link(columns=local.by)})


def _parents(node: Any, models: dict[str, Any]) -> tuple[str, ...]:
    """The models a node reads, then its sources."""
    read = node.depends_on.nodes
    return (*(one for one in read if one in models), *(one for one in read if one.startswith("source.")))


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


def _invoke(workplace: Workplace, args: list[str]) -> Any:
    from dbt.cli.main import dbtRunner

    outcome = dbtRunner().invoke([*args, *_options(workplace)])
    _close_connections()
    return outcome


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
