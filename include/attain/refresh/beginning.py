"""How a run begins: with the files the last one left, or with empty ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from attain.landing import Batch
from attain.refresh import compared
from attain.refresh.base import Base, take


@dataclass(frozen=True)
class Begun:
    """The open warehouse of a run that begins, and how many of its batches are known to the rows in it.

    `known` is None when there are no rows: the run makes everything.
    """

    con: duckdb.DuckDBPyConnection
    known: int | None


@contextmanager
def begun(
    home: Path, wanted: Base, warehouse: Path, marts: Path, batches: Sequence[Batch], run_id: str
) -> Iterator[Begun]:
    """The warehouse of a run over `batches`. Inputs are put into it inside, and then compared with the last run's."""
    is_refreshed = take(home, wanted, warehouse, marts, batches)
    with duckdb.connect(str(warehouse)) as con:
        yield Begun(con, compared.set_aside(con) if is_refreshed else None)
        if is_refreshed:
            compared.compare(con)
            compared.give_run_id(con, marts, run_id)
