"""A run that begins with what the last one left says what a run from nothing says, table by table, row by row.

After each delivery the company is run twice: in its own state folder, where only what changed is made anew, and in
one that has nothing but the landed batches and the ledger. Compared are all tables of both, also those behind the
published ones.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from tests.integration import metamorphic_company as companies
from tests.integration.later_deliveries import deliver

from attain import modelling, pipeline
from attain.building import CompiledModel, breaks
from attain.company import load_company
from attain.errors import AttainError
from attain.landing import Landing
from attain.locality import Locality
from attain.publish.set import current
from attain.refresh import base, scope
from attain.refresh.relations import Relations, relations
from attain.refresh.remaking import Remaker
from attain.refresh.scope import Scope

pytestmark = pytest.mark.slow


class Played:
    """A company that is run again and again, and what each run made anew."""

    def __init__(self, root: Path, compiled: Path | None = None) -> None:
        self.root = root
        self.company = root / "company"
        self.home = root / "home"
        self.now = companies.NOW
        self.days = 0

    def run(self, home: Path | None = None) -> None:
        """One run, a day after the last."""
        pipeline.run_all(self.company, home or self.home, companies.PERIOD, None, self.now)

    def next_day(self) -> None:
        self.now += dt.timedelta(days=1)

    def run_from_nothing(self) -> Path:
        """A home in which the same batches and closes are run for the first time."""
        self.days += 1
        home = self.root / f"whole-{self.days}"
        home.mkdir()
        for kept in ("landing", "ledger"):
            if (self.home / kept).exists():
                shutil.copytree(self.home / kept, home / kept)
        (home / "dbt").symlink_to(self.home / "dbt")
        self.run(home)
        return home


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A company after its first run."""
    played = Played(tmp_path_factory.mktemp("refreshing"))
    companies.write(played.company, people=12, months=6, deals=1000)
    with (played.company / "company.yml").open("a", encoding="utf-8") as config:
        config.write("quality: {quarantine_share: {all: 1.0}}\n")
    played.run()
    return played


def test_some_rows_of_every_busy_stream(played: Played) -> None:
    """Deals, their parts, invoices, payments and activities: the everyday delivery."""
    played.next_day()
    delivered = deliver(
        played.company / "inbox",
        seed=1,
        share=0.01,
        left_out=("participants", "teams", "targets", "fx_rates", "products"),
    )
    assert delivered["deals"] >= 10
    # Its deals were delivered long ago and go to quarantine now.
    gone = played.company / "inbox" / "accounts" / "later-gone.csv"
    gone.write_text(f"account_id,is_deleted\n{_account_with_most_credits(played.home)},true\n", encoding="utf-8")
    played.run()
    _agree(played)
    made = _outcomes(played.home)
    for name in ("typed_deals", "int_deal_credits", "int_component_credits", "int_rated_lines", "statement_lines"):
        assert made[name] == "rows", f"{name}: {made[name]}"
    assert made["typed_participants"] == made["int_windows"] == made["int_target_months"] == "same"


def test_people_targets_and_products_change_too(played: Played) -> None:
    """Rows that many others rest on; and a plan that pays another rate from now on."""
    played.next_day()
    deliver(played.company / "inbox", seed=2, share=0.03)
    plan = next((played.company / "plans").glob("ae-*.yml"))
    text = plan.read_text(encoding="utf-8")
    assert "rate: 0.0007" in text
    plan.write_text(text.replace("rate: 0.0007", "rate: 0.0008"), encoding="utf-8")
    played.run()
    _agree(played)


def test_a_stage_that_broke_off_is_made_wholly(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables that were half refreshed say nothing about what changed."""
    played.next_day()
    deliver(played.company / "inbox", seed=3, share=0.01, left_out=("participants", "teams"))
    landed = pipeline.land(played.company, played.home, played.now)
    run = pipeline.begin(played.company, played.home, companies.PERIOD, None, played.now, landed)
    for step, _ in pipeline.STEPS:
        if step == "pay":
            with monkeypatch.context() as patched:
                patched.setattr(Remaker, "make", _breaking_after("int_rated_lines"))
                with pytest.raises(AttainError, match="int_rated_lines"):
                    pipeline.step(run, step, played.now)
        pipeline.step(run, step, played.now)
    _agree(played)
    assert _outcomes(played.home)["int_rated_lines"] == "all"


def test_a_stage_that_is_run_twice_leaves_nothing_out(played: Played) -> None:
    """The second time its rows look as if nothing had changed; what rests on them has not been made yet."""
    played.next_day()
    deliver(played.company / "inbox", seed=4, share=0.01, left_out=("participants", "teams", "targets", "products"))
    landed = pipeline.land(played.company, played.home, played.now)
    run = pipeline.begin(played.company, played.home, companies.PERIOD, None, played.now, landed)
    for step in ("stage", "gate_stage", "score", "score", "gate_score", "pay", "gate_pay", "publish"):
        pipeline.step(run, step, played.now)
    _agree(played)


def test_nothing_new_makes_nothing_anew(played: Played) -> None:
    published = current(played.home)
    played.run()
    assert current(played.home) == published
    made = _outcomes(played.home)
    assert {name for name, how in made.items() if how != "same"} <= {
        "inputs.run",
        "inputs.run published_at",
        "publication",
        "quality_results",
    }


def test_what_models_say_of_the_rows_they_rest_on_is_true(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    """Computed for a third of its keys, from the rows that lead to them, a model says what it says as a whole."""
    monkeypatch.setattr(scope, "SCOPED_ROWS", 0)
    models = modelling.project(played.home / "dbt").models
    known = relations(models)
    tried = 0
    with _warehouse(played.home) as con:
        for model in models:
            if model.local and not any(name.startswith("landing.") for name in model.local.rests_on):
                tried += _try_some_keys(con, known, model, model.local)
    assert tried > 1_000


def test_what_data_tests_say_of_the_rows_they_rest_on_is_true(played: Played) -> None:
    """Judged for a third of its keys a claim holds, too: no side of it is cut more than the other."""
    compiled = modelling.project(played.home / "dbt")
    known = relations(compiled.models)
    judged = []
    with _warehouse(played.home) as con:
        for test in compiled.tests:
            if test.local:
                by, (first, *_) = ", ".join(test.local.by), test.local.rests_on
                third = f"{known.names[first]} where hash({by}) % 3 = 0"
                con.execute(f"create or replace temp table keys as select distinct {by} from {third}")
                assert breaks(con, Scope(con, known, test.local).select(test)) == 0, test.name
                judged.append(test.name)
    assert {"credits_of_a_deal_add_up_to_its_amount", "earnings_has_one_row_per_grain"} <= set(judged)


def test_other_settings_or_another_period_begin_with_nothing(played: Played) -> None:
    facts = played.home / "base" / "base.json"
    told = json.loads(facts.read_text(encoding="utf-8"))
    for name in ("period", "code", "reading", "set"):
        facts.write_text(json.dumps({**told, name: "other"}), encoding="utf-8")
        warehouse, marts = played.root / "warehouse.duckdb", played.root / "attain.duckdb"
        company = load_company(played.company)
        wanted = base.base_of(company, companies.PERIOD)
        kept = shutil.copytree(played.home / "base", played.root / "kept")
        assert not base.take(played.home, wanted, warehouse, marts, Landing(played.home / "landing").batches()), name
        left = [path for path in (warehouse, marts, played.home / "base") if path.exists()]
        assert left == [], name
        kept.rename(played.home / "base")
    facts.write_text(json.dumps(told), encoding="utf-8")
    assert base.take(played.home, wanted, warehouse, marts, Landing(played.home / "landing").batches())


def _account_with_most_credits(home: Path) -> str:
    with _warehouse(home) as con:
        row = con.sql(
            "select account_id from attain.marts.credits group by all order by count(*) desc limit 1"
        ).fetchone()
    assert row is not None
    return str(row[0])


def _breaking_after(name: str) -> Callable[[Remaker, duckdb.DuckDBPyConnection, CompiledModel], None]:
    """Refreshing as it is, until one model has been made."""
    make = Remaker.make

    def make_and_break(self: Remaker, con: duckdb.DuckDBPyConnection, model: CompiledModel) -> None:
        make(self, con, model)
        if model.name == name:
            raise duckdb.IOException("the disk is gone")

    return make_and_break


def _try_some_keys(con: duckdb.DuckDBPyConnection, known: Relations, model: CompiledModel, local: Locality) -> int:
    """Compare, and give how many rows were compared."""
    some = Scope(con, known, local)
    by = ", ".join(local.by)
    con.execute(
        f"create or replace temp table keys as select distinct {by} from {model.relation} where hash({by}) % 3 = 0"
    )
    columns = ", ".join(f'"{column}"' for column in some.columns(model.relation))
    chosen = scope.semi_join("chosen", "keys", local.by)
    contents = f"select count(*), sum(hash({columns})::hugeint) from "
    whole = con.execute(f"{contents} {model.relation} as chosen {chosen}").fetchone()
    # As the table has it: types of a contract may be wider than those of the SELECT.
    con.execute(f"create or replace temp table part as select {columns} from {model.relation} limit 0")
    con.execute(f"insert into part select {columns} from ({some.select(model)}) as computed")
    part = con.execute(f"{contents} part as chosen {chosen}").fetchone()
    assert part == whole, f"{model.name} for some keys: {part}, as a whole: {whole}"
    return int(whole[0])


def _agree(played: Played) -> None:
    whole = played.run_from_nothing()
    refreshed, anew = current(played.home), current(whole)
    assert refreshed
    assert anew
    assert {name for name in anew.tables if refreshed.tables.get(name) != anew.tables[name]} == set()
    assert refreshed.hash == anew.hash
    assert _differing(played.home, whole) == []


@contextmanager
def _warehouse(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """What the last published run left, with its marts."""
    with duckdb.connect(str(home / "base" / "warehouse.duckdb"), read_only=True) as con:
        con.execute(f"attach '{(home / 'published' / 'attain.duckdb').resolve()}' as attain (read_only)")
        yield con


def _outcomes(home: Path) -> dict[str, str]:
    with _warehouse(home) as con:
        return dict(con.sql("select name, outcome from refresh.outcomes").fetchall())


def _differing(one: Path, other: Path) -> list[str]:
    """The tables behind the published ones that hold other rows; numbers given to rows in passing may differ."""
    contents = []
    for home in (one, other):
        with _warehouse(home) as con:
            tables = con.sql(
                "select schema_name, table_name from duckdb_tables() where schema_name in ('staging', 'intermediate')"
            ).fetchall()
            contents.append(
                {
                    table: con.sql(
                        f"select count(*), sum(hash(t)::hugeint), bit_xor(hash(t)) from {schema}.{table} as t"
                    ).fetchone()
                    for schema, table in tables
                }
            )
    return sorted(table for table in contents[1] if contents[0].get(table) != contents[1][table])
