"""Running compiled models: what is published is compressed, whatever is written beside it; a run's warehouse is not."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from attain import building
from attain.building import CompiledModel

_ROWS = "select 'one of ten values, number ' || range % 10 as value, range as n from range(400_000)"


def _model(name: str, layer: str) -> CompiledModel:
    schema = "attain.marts" if layer == "marts" else "warehouse.intermediate"
    return CompiledModel(name, f"{schema}.{name}", "table", _ROWS, (), layer, f"{name}.sql")


def _kinds(con: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """How the texts of a table are stored."""
    found = con.execute(
        f"select distinct compression from pragma_storage_info('{table}') "
        "where column_name = 'value' and segment_type = 'VARCHAR'"
    )
    return {kind for (kind,) in found.fetchall()}


@pytest.mark.parametrize("changed_later", [False, True])
def test_marts_are_compressed_and_the_warehouse_is_not(tmp_path: Path, changed_later: bool) -> None:
    warehouse, marts = tmp_path / "warehouse.duckdb", tmp_path / "attain.duckdb"
    # By turns, so that tables of both kinds are written at once.
    models = [_model(f"{kind[0]}{number}", kind) for number in range(4) for kind in ("intermediate", "marts")]
    with building.opened(warehouse, marts, "1GB", tmp_path / "spill") as con:
        results = building.run(con, [_model("alone", "intermediate")], (), lambda _: None)
        results += building.run(con, models, (), lambda _: None)
        assert {result.status for result in results} == {"success"}
    if changed_later:
        with building.opened(warehouse, marts, "1GB", tmp_path / "spill") as con:
            con.execute("update attain.marts.m0 set value = 'another of few values, number ' || n % 7")
    with duckdb.connect(str(marts), read_only=True) as con:
        for number in range(4):
            assert "Uncompressed" not in _kinds(con, f"marts.m{number}"), number
    with duckdb.connect(str(warehouse), read_only=True) as con:
        assert _kinds(con, "intermediate.alone") == {"Uncompressed"}
