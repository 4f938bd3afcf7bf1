"""The project is built in two ways that must not differ: by dbt itself, and by running what dbt compiled."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import pytest

from attain import ledger, modelling
from attain.conform import landing_tables
from attain.environment import DBT_PROJECT
from attain.errors import AttainError
from attain.inputs import RunFacts
from attain.modelling import Workplace
from attain.plans.examples import read_examples
from attain.plans.flatten import flatten
from attain.quality.results import record
from attain.scoring import prepare

Content = dict[str, tuple[list[tuple[str, str]], int, int]]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the warehouse of a small company, its inputs landed and nothing built."""
    folder = tmp_path_factory.mktemp("prepared")
    example = read_examples(Path(__file__).with_name("two_closes.yml"))[0]
    step = example.steps[0]
    start = dt.datetime.fromisoformat("2000-01-01")
    facts = RunFacts("both", example.company.calendar.month(step.closes[-1]), start, start)
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        landing_tables(con, [step.rows])
        prepare(con, example.company, facts, flatten(example.book, example.company.currency))
        record(con, [])
        ledger.create_booked(con)
    return folder


def workplace_in(folder: Path, prepared: Path) -> Workplace:
    folder.mkdir()
    shutil.copy(prepared / "warehouse.duckdb", folder / "warehouse.duckdb")
    return Workplace(folder / "warehouse.duckdb", folder / "attain.duckdb", prepared / "scratch")


def content(workplace: Workplace) -> Content:
    """Columns, rows and a hash of the rows of every table and view that was built."""
    found: Content = {}
    with duckdb.connect(str(workplace.warehouse), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"attach '{workplace.marts}' as attain (read_only)")
        named = con.execute(
            "select table_catalog, table_schema, table_name from information_schema.tables "
            "where table_schema in ('staging', 'intermediate', 'marts', 'settlement')"
        ).fetchall()
        for catalog, schema, table in named:
            relation = f'"{catalog}"."{schema}"."{table}"'
            columns = [(name, kind) for name, kind, *_ in con.execute(f"describe {relation}").fetchall()]
            counted = con.execute(
                f"select count(*), coalesce(bit_xor(hash(rows)), 0) from {relation} as rows"
            ).fetchone()
            assert counted
            found[f"{schema}.{table}"] = (columns, *counted)
    return found


def test_dbt_build_makes_the_same_tables_as_running_what_dbt_compiled(prepared: Path, tmp_path: Path) -> None:
    from dbt.cli.main import dbtRunner

    direct = workplace_in(tmp_path / "direct", prepared)
    results = modelling.build(direct, "path:models path:tests")
    by_dbt = workplace_in(tmp_path / "dbt", prepared)
    args = ["build", "--exclude", "resource_type:unit_test", "--quiet", "--no-version-check"]
    args += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    args += ["--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in by_dbt.variables().items():
            patch.setenv(name, value)
        try:
            outcome = dbtRunner().invoke(args)
        finally:
            modelling._close_connections()
    assert outcome.success, outcome.exception
    ours, theirs = content(direct), content(by_dbt)
    assert {result.node.name for result in outcome.result.results} == {result.name for result in results}
    assert ours == theirs
    assert ours["marts.payouts"][1] > 0


def test_a_data_test_that_finds_rows_fails_the_build_by_name(prepared: Path, tmp_path: Path) -> None:
    workplace = workplace_in(tmp_path / "doubled", prepared)
    modelling.build(workplace, "path:models path:tests")
    with duckdb.connect(str(workplace.warehouse)) as con:
        con.execute("update intermediate.int_stream_counts set staged = staged + 1 where stream = 'deals'")
    with pytest.raises(AttainError, match="test every_landed_row_is_staged_superseded_or_quarantined: 1 row"):
        modelling.build(workplace, "path:tests/staging")


def test_what_rests_on_a_model_that_fails_is_skipped_and_the_failure_named(prepared: Path, tmp_path: Path) -> None:
    workplace = workplace_in(tmp_path / "broken", prepared)
    with duckdb.connect(str(workplace.warehouse)) as con:
        con.execute("drop table inputs.calendar_months")
    people = "int_participants int_plan_versions int_participant_ranges int_service_months int_service_shares"
    with pytest.raises(AttainError, match=r"model int_service_months: Catalog Error: .*calendar_months") as failed:
        modelling.build(workplace, f"path:models/staging {people}")
    assert "at 1 place:" in str(failed.value)
