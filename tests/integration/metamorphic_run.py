"""Runs a company and tells what was published, in this process or in one with another environment.

`python -m tests.integration.metamorphic_run COMPANY HOME` is such a process; it ends with the set in HOME.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
from tests.integration.metamorphic_company import NOW, PERIOD

from attain import building, environment, pipeline
from attain.publish import set as published_set

# Without the columns, and the words of a message, that say where a row stood and when it came.
_QUARANTINE = """
    select
        * exclude (run_id, source_ref, file, "row", first_seen, last_seen, resolved_at, deliveries)
        replace (regexp_replace(message, '^row \\d+ has', 'row has') as message)
    from marts.quarantine
    order by all
"""
# DuckDB shares a table among threads by row groups, of 122,880 rows unless told otherwise; the least there is:
FINE = 2_048

SHANGHAI = {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
# With a locale that knows no Chinese letters, which Python is kept from mending.
LOS_ANGELES = {
    "TZ": "America/Los_Angeles",
    "LC_ALL": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONHASHSEED": "2",
}


@dataclass(frozen=True)
class Told:
    """A published set: content hash by table, and the rows in quarantine without their places, in any order."""

    home: Path
    tables: Mapping[str, str]
    quarantine: list[tuple[Any, ...]]

    def differing(self, other: Told, *left_out: str) -> list[str]:
        """The tables whose content differs from that of another set, without those of `left_out`."""
        names = {*self.tables, *other.tables} - set(left_out)
        return sorted(name for name in names if self.tables.get(name) != other.tables.get(name))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds in the set."""
        return ask(self.home, query)


def agree(told: Told, first: Told) -> None:
    """The same rows in other files, or in another order: equal but for the places of rows and the ids of batches."""
    assert told.differing(first, "publication", "quarantine") == [], "these tables differ"
    assert told.quarantine == first.quarantine, "the rows in quarantine differ"


def agree_twice(told: Told, first: Told) -> None:
    """The same rows delivered again: equal but for how often a row stands in quarantine and how many were counted."""
    assert told.differing(first, "publication", "quarantine", "quality_results") == [], "these tables differ"
    assert set(told.quarantine) == set(first.quarantine), "the rows in quarantine differ"
    findings = 'select gate, "check", severity, status from marts.quality_results order by all'
    assert told.rows(findings) == first.rows(findings), "the gates find something else"


def tell(company: Path, home: Path, compiled: Path | None = None) -> Told:
    """The set that a run in this process publishes. `compiled`: where another home keeps the compiled project."""
    _with_project_of(home, compiled)
    pipeline.run_all(company, home, PERIOD, None, NOW)
    return published(home)


def tell_elsewhere(company: Path, home: Path, compiled: Path, **variables: str) -> Told:
    """The set that a process with these environment variables publishes."""
    _with_project_of(home, compiled)
    places = os.pathsep.join([str(environment.PROJECT), str(environment.PROJECT / "include")])
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.metamorphic_run", str(company), str(home)],
        env={**os.environ, "PYTHONPATH": places, **variables},
        cwd=environment.PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return published(home)


def published(home: Path) -> Told:
    """What is published in a home, every file compared with its seal."""
    standing = published_set.current(home)
    assert standing is not None
    published_set.verify(standing.folder)
    quarantine = ask(home, _QUARANTINE)
    return Told(home, standing.tables, quarantine)


def ask(home: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows a query finds in the published database of a home."""
    with duckdb.connect(str((home / "published" / "attain.duckdb").resolve()), read_only=True) as con:
        return con.sql(query).fetchall()


def _with_project_of(home: Path, compiled: Path | None) -> None:
    home.mkdir(parents=True)
    if compiled:
        (home / "dbt").symlink_to(compiled)


@contextmanager
def threads(count: int) -> Iterator[None]:
    """So many models at once and so many threads of the engine, which divide small tables too."""

    @contextmanager
    def opened(warehouse: Path, marts: Path, memory_limit: str, spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
        config: dict[str, Any] = {
            "memory_limit": memory_limit,
            "temp_directory": str(spill),
            "threads": count,
            "preserve_insertion_order": False,
            "disabled_optimizers": "common_subplan",
        }
        with duckdb.connect(config=config) as con:
            con.execute("set TimeZone = 'UTC'")
            for name, path in (("warehouse", warehouse), ("attain", marts)):
                con.execute(f"attach '{path}' as {name} (row_group_size {FINE})")
            yield con
            for name in ("warehouse", "attain"):
                con.execute(f"detach {name}")

    with mock.patch.object(building, "AT_ONCE", count), mock.patch.object(building, "opened", opened):
        yield


if __name__ == "__main__":
    environment.apply(Path(sys.argv[2]))
    pipeline.run_all(Path(sys.argv[1]), Path(sys.argv[2]), PERIOD, None, NOW)
