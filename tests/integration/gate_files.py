"""Small run files for gate tests: exactly the tables the suites read, and a month in which all is well."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from attain.streams import STREAMS

_TYPES = {
    "money": "decimal(24, 6)",
    "number": "decimal(24, 6)",
    "share": "decimal(13, 10)",
    "date": "date",
    "instant": "timestamp",
    "integer": "integer",
}


@dataclass(frozen=True)
class RunFiles:
    """The two files of a run."""

    warehouse: Path
    marts: Path

    def copied_to(self, folder: Path) -> RunFiles:
        """A copy of both files in another folder."""
        return RunFiles(Path(shutil.copy(self.warehouse, folder)), Path(shutil.copy(self.marts, folder)))

    def change(self, *statements: str) -> None:
        """Run statements against the files, marts attached as `attain`."""
        con = duckdb.connect(str(self.warehouse))
        con.execute(f"attach '{self.marts}' as attain")
        for statement in statements:
            con.execute(statement)
        con.close()


def build(folder: Path) -> RunFiles:
    """Files of a run in which every check passes."""
    files = RunFiles(folder / "warehouse.duckdb", folder / "attain.duckdb")
    con = duckdb.connect(str(files.warehouse))
    con.execute(_sql("warehouse"))
    for stream in STREAMS.values():
        columns = ", ".join(f'"{name}" {_TYPES.get(kind, "varchar")}' for name, kind in stream.columns.items())
        con.execute(f"create table staging.stg_{stream.name} (_batch_no integer, _row bigint, {columns})")
    con.execute(_sql("staging"))
    con.close()
    con = duckdb.connect(str(files.marts))
    con.execute(_sql("marts"))
    con.close()
    return files


def _sql(name: str) -> str:
    return (Path(__file__).parent / "gate_sql" / f"{name}.sql").read_text(encoding="utf-8")
