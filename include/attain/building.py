"""Runs compiled models and data tests in a run's DuckDB files: two at a time, each once what it reads is there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb

from attain.locality import Locality
from attain.plurals import counted
from attain.sqltext import literal

AT_ONCE = 2
# The oldest format that compresses text cheaply (a third of the time of writing a mart); DuckDB reads it from 1.3 on.
MARTS_FORMAT = "v1.3.0"
_DENSE, _LOOSE = "auto", "uncompressed"


@dataclass(frozen=True)
class Column:
    """A column of a model's contract."""

    name: str
    type: str
    not_null: bool


@dataclass(frozen=True)
class CompiledModel:
    """A model as the engine will run it: schema-qualified name, how it is stored, its SELECT and what it reads.

    `path` is its file in the dbt project, `columns` the contract where one is enforced, `local` what it declares about
    the rows it rests on.
    """

    unique_id: str
    relation: str
    materialized: str
    sql: str
    parents: tuple[str, ...]
    layer: str
    path: str
    columns: tuple[Column, ...] = ()
    local: Locality | None = None

    @property
    def name(self) -> str:
        return self.unique_id.rsplit(".", 1)[-1]


@dataclass(frozen=True)
class CompiledTest:
    """A data test: a SELECT of the rows that break a claim about its parents. `local` as for a model."""

    name: str
    sql: str
    parents: tuple[str, ...]
    path: str
    local: Locality | None = None


@dataclass(frozen=True)
class ModelResult:
    """How one model or data test of a build ended: success, pass, error, fail or skipped."""

    name: str
    kind: str
    status: str
    seconds: float
    message: str


class Builder(Protocol):
    """Makes a model and judges a data test; what they read has been made."""

    def make(self, con: duckdb.DuckDBPyConnection, model: CompiledModel) -> None:
        """Make the model's table or view."""

    def judge(self, con: duckdb.DuckDBPyConnection, test: CompiledTest) -> int:
        """How many rows break the claim."""


@contextmanager
def opened(warehouse: Path, marts: Path, memory_limit: str, spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a run's warehouse with its marts attached as `attain`, closed and checkpointed at the end."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": str(spill),
        "threads": AT_ONCE,
        # The order of rows carries no meaning; keeping it costs memory and idle threads.
        "preserve_insertion_order": False,
        # Keeps what two branches share, even when a plan needs neither: such a branch alone ends before it reads a row.
        "disabled_optimizers": "common_subplan",
        # The warehouse of a run is thrown away: compressing it cost a third of a large run. What is published is.
        "force_compression": _LOOSE,
    }
    with duckdb.connect(str(warehouse), config=config) as con:
        con.execute("set TimeZone = 'UTC'")
        with attached(con, marts):
            yield con


@contextmanager
def attached(con: duckdb.DuckDBPyConnection, marts: Path) -> Iterator[None]:
    """The marts as database `attain` of an open warehouse; checkpointed at the end."""
    con.execute(f"attach {literal(str(marts))} as attain (storage_version '{MARTS_FORMAT}')")
    yield
    _compress(con, _DENSE)
    con.execute("detach attain")
    _compress(con, _LOOSE)


def _compress(con: duckdb.DuckDBPyConnection, how: str) -> None:
    con.execute(f"set global force_compression = '{how}'")


class _Density:
    """Marts are written compressed. That is a setting of the whole engine: it holds while any of them is written."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._marts = 0

    @contextmanager
    def of(self, con: duckdb.DuckDBPyConnection, model: CompiledModel) -> Iterator[None]:
        """While the model is written."""
        if not _is_mart(model):
            yield
            return
        with self._lock:
            self._marts += 1
            _compress(con, _DENSE)
        try:
            yield
        finally:
            with self._lock:
                self._marts -= 1
                if not self._marts:
                    _compress(con, _LOOSE)


def run(
    con: duckdb.DuckDBPyConnection,
    models: Sequence[CompiledModel],
    tests: Sequence[CompiledTest],
    progress: Callable[[str], None],
    builder: Builder | None = None,
) -> list[ModelResult]:
    """Makes every model and judges every test, wholly without a `builder`; what rests on a failure is skipped."""
    for schema in sorted({model.relation.rsplit(".", 1)[0] for model in models}):
        con.execute(f"create schema if not exists {schema}")
    waiting: dict[str, CompiledModel | CompiledTest] = {model.unique_id: model for model in models}
    waiting |= {f"test.{test.name}": test for test in tests}
    results: dict[str, ModelResult] = {}
    density = _Density()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running: dict[Future[ModelResult], str] = {}
        while waiting or running:
            for key in _ready(waiting, running, results):
                node = waiting.pop(key)
                is_spoilt = _is_spoilt(node, results)
                running[pool.submit(_run_one, con, node, is_spoilt, progress, builder or Wholly(), density)] = key
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                results[running.pop(future)] = future.result()
    return list(results.values())


def _ready(
    waiting: dict[str, CompiledModel | CompiledTest],
    running: dict[Future[ModelResult], str],
    results: dict[str, ModelResult],
) -> list[str]:
    """What may start now, as many as there is room for; marts last, because beside them everything is compressed."""
    unfinished = set(waiting) | set(running.values())
    free = [key for key, node in waiting.items() if not unfinished.intersection(node.parents)]
    free.sort(key=lambda key: _is_mart(waiting[key]))
    return free[: AT_ONCE - len(running)]


def _is_mart(node: CompiledModel | CompiledTest) -> bool:
    return isinstance(node, CompiledModel) and node.layer == "marts"


def _is_spoilt(node: CompiledModel | CompiledTest, results: dict[str, ModelResult]) -> bool:
    return any(results[parent].status in ("error", "skipped") for parent in node.parents if parent in results)


def _run_one(
    con: duckdb.DuckDBPyConnection,
    node: CompiledModel | CompiledTest,
    is_spoilt: bool,
    progress: Callable[[str], None],
    builder: Builder,
    density: _Density,
) -> ModelResult:
    kind = "model" if isinstance(node, CompiledModel) else "test"
    if is_spoilt:
        return ModelResult(node.name, kind, "skipped", 0.0, "")
    progress(node.name)
    start = time.perf_counter()
    try:
        with con.cursor() as cursor:
            if isinstance(node, CompiledModel):
                with density.of(cursor, node):
                    builder.make(cursor, node)
                status, message = "success", ""
            else:
                broken = builder.judge(cursor, node)
                status, message = ("fail", f"{_rows(broken)} this claim") if broken else ("pass", "")
    except duckdb.Error as error:
        status, message = "error", " ".join(str(error).split())[:300]
    return ModelResult(node.name, kind, status, time.perf_counter() - start, message)


class Wholly:
    """Makes and judges everything, whatever stands there already."""

    def make(self, con: duckdb.DuckDBPyConnection, model: CompiledModel) -> None:
        """Make the model's table or view in place of what stands there."""
        if model.materialized == "view":
            con.execute(f"create or replace view {model.relation} as {model.sql}")
            return
        if not model.columns:
            con.execute(f"create or replace table {model.relation} as {model.sql}")
            return
        names = ", ".join(f'"{column.name}"' for column in model.columns)
        kinds = ", ".join(
            f'"{column.name}" {column.type}{" not null" if column.not_null else ""}' for column in model.columns
        )
        con.execute(f"create or replace table {model.relation} ({kinds})")
        con.execute(f"insert into {model.relation} ({names}) select {names} from ({model.sql}\n) as computed")

    def judge(self, con: duckdb.DuckDBPyConnection, test: CompiledTest) -> int:
        """How many rows break the claim."""
        return breaks(con, test.sql)


def breaks(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """How many rows a data test finds."""
    found = con.execute(f"select count(*) from ({sql}\n) as breaks").fetchone()
    return int(found[0]) if found else 0


def _rows(broken: int) -> str:
    return f"{counted(broken, 'row')} {'breaks' if broken == 1 else 'break'}"
