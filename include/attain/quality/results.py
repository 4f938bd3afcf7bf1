"""What a gate found, and how it is kept: one `Check` per expectation, stored in `inputs.gate_results`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Gate = Literal["inputs", "scores", "pay"]
Severity = Literal["critical", "warning", "info"]
Status = Literal["passed", "warned", "failed"]

GATES: tuple[Gate, ...] = ("inputs", "scores", "pay")

_COLUMNS = (
    "run_id",
    "gate",
    '"check"',
    "severity",
    "status",
    "observed",
    "expected",
    "failed_rows",
    "sample",
    "sentence_en",
    "sentence_zh",
    "title_en",
    "title_zh",
)
_CREATE = """
create table if not exists inputs.gate_results (
    run_id varchar not null, gate varchar not null, "check" varchar not null, severity varchar not null,
    status varchar not null, observed varchar, expected varchar, failed_rows bigint not null,
    sample varchar not null, sentence_en varchar not null, sentence_zh varchar not null,
    title_en varchar not null, title_zh varchar not null
)
"""


@dataclass(frozen=True)
class Check:
    """One expectation and how it came out.

    `failed` is a critical finding, `warned` one of severity warning; an info finding stays `passed` and only
    its sentence tells it. `sample` holds a few offending rows as text, values of pay already masked.
    """

    gate: Gate
    check: str
    severity: Severity
    status: Status
    observed: str
    expected: str
    failed_rows: int
    sample: tuple[Mapping[str, str | None], ...]
    sentence: str
    sentence_zh: str
    title: str
    title_zh: str

    def sentence_in(self, locale: str) -> str:
        """The sentence for the reader's locale (`en`, `zh-CN`)."""
        return self.sentence_zh if locale.startswith("zh") else self.sentence

    def title_in(self, locale: str) -> str:
        """What is checked, for the reader's locale."""
        return self.title_zh if locale.startswith("zh") else self.title


@dataclass(frozen=True)
class GateResult:
    """All checks of one gate of one run, in the order in which they are told."""

    run_id: str
    gate: Gate
    checks: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.status == "failed")

    @property
    def warned(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.status == "warned")

    @property
    def stopped(self) -> bool:
        """True if any critical check failed: the run must not go on."""
        return bool(self.failed)

    @property
    def sentence(self) -> str:
        return self.sentence_in("en")

    def sentence_in(self, locale: str) -> str:
        """The sentence that matters: the first critical finding, else the first warning, else all is well."""
        for found in (self.failed, self.warned):
            if found:
                return found[0].sentence_in(locale)
        if locale.startswith("zh"):
            return f"{len(self.checks)} 项检查全部通过。"
        return f"All {len(self.checks)} checks passed."


@contextmanager
def _connection(where: DuckDBPyConnection | Path) -> Iterator[DuckDBPyConnection]:
    if not isinstance(where, Path):
        yield where
        return
    import duckdb

    con = duckdb.connect(str(where))
    try:
        yield con
    finally:
        con.close()


def record(where: DuckDBPyConnection | Path, results: Iterable[GateResult]) -> None:
    """Write gate results into `inputs.gate_results` of the warehouse (an open connection, or its file).

    A gate recorded twice for the same run keeps only the later outcome.
    """
    with _connection(where) as con:
        con.execute("create schema if not exists inputs")
        con.execute(_CREATE)
        for result in results:
            con.execute("delete from inputs.gate_results where run_id = ? and gate = ?", [result.run_id, result.gate])
            if result.checks:
                con.executemany(
                    f"insert into inputs.gate_results ({', '.join(_COLUMNS)}) "
                    f"values ({', '.join('?' * len(_COLUMNS))})",
                    [_row(result.run_id, check) for check in result.checks],
                )


def _row(run_id: str, check: Check) -> list[object]:
    return [
        run_id,
        check.gate,
        check.check,
        check.severity,
        check.status,
        check.observed,
        check.expected,
        check.failed_rows,
        json.dumps([dict(row) for row in check.sample], ensure_ascii=False),
        check.sentence,
        check.sentence_zh,
        check.title,
        check.title_zh,
    ]


def stored(where: DuckDBPyConnection | Path, run_id: str) -> list[GateResult]:
    """The recorded results of a run, gate by gate in the order they run; empty when nothing was recorded."""
    with _connection(where) as con:
        con.execute("create schema if not exists inputs")
        con.execute(_CREATE)
        rows = con.execute(
            f"select {', '.join(_COLUMNS[1:])} from inputs.gate_results where run_id = ? order by rowid",
            [run_id],
        ).fetchall()
    checks = [
        Check(gate, check, severity, status, observed, expected, count, tuple(json.loads(sample)), *told)
        for gate, check, severity, status, observed, expected, count, sample, *told in rows
    ]
    by_gate = {gate: tuple(check for check in checks if check.gate == gate) for gate in GATES}
    return [GateResult(run_id, gate, found) for gate, found in by_gate.items() if found]
