"""Delivers mutated files and accounts for every one of them and every row."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import duckdb
from tests.faults.mutations import Mutant
from tests.integration import tiny_company
from tests.integration.tiny_company import Place

from attain import pipeline, scoring
from attain.errors import InputError
from attain.landing import Batch, Landing

NOW = dt.datetime(2025, 3, 3, 9, tzinfo=dt.UTC)


def feed(root: Path, mutants: list[Mutant]) -> tuple[int, int, int]:
    """Lands and stages the files beside a sound company: how many were landed, refused, empty.

    Every file is landed, refused in a sentence that names it, or empty; every row is staged, superseded or in
    quarantine.
    """
    place = _fresh(root)
    for mutant in mutants:
        place.drop(f"deals/{mutant.name}", mutant.content)
    refused = _land(place)
    landing = Landing(place.home / "landing")
    batches = {Path(batch.origin.file).name: batch for batch in landing.deliveries()}
    empty = 0
    for mutant in mutants:
        batch = batches.get(mutant.name)
        assert batch is None or mutant.name not in refused, f"{mutant.name}: landed and refused ({mutant.what})"
        if batch is None and mutant.name not in refused:
            empty += 1
            assert not mutant.rows, f"{mutant.name}: neither landed nor refused ({mutant.what})"
        if batch is not None and mutant.rows is not None and not batch.same_as:
            counted = batch.delivered_rows + len(batch.totals)
            assert counted == mutant.rows, f"{mutant.name}: {counted} rows of {mutant.rows} ({mutant.what})"
    _stage(place, landing.batches("deals"))
    return len([one for one in mutants if one.name in batches]), len(refused), empty


def _fresh(root: Path) -> Place:
    """The sound company; what dbt compiled stays, it does not depend on the files."""
    place = Place(root)
    for folder in (place.company, *(path for path in place.home.glob("*") if path.name != "dbt")):
        shutil.rmtree(folder, ignore_errors=True)
    tiny_company.write(place.company)
    return place


def _land(place: Place) -> dict[str, str]:
    """What was refused, by file; whatever is not a sentence about a file is a fault."""
    try:
        pipeline.land(place.company, place.home, NOW)
    except InputError as error:
        found = [(re.match(r"deals/(m\d+\.\w+)[!:]", line), line) for line in str(error).splitlines()]
        # A sentence may quote a name with a line break in it.
        return {match[1]: line for match, line in found if match}
    return {}


def _stage(place: Place, batches: list[Batch]) -> None:
    landed = {"rows": 0, "warnings": [], "seconds": 0.0}
    run = pipeline.begin(place.company, place.home, "2025-01", None, NOW, landed)
    scoring.stage(run, "stage")
    counts = {row[0]: row[1:] for row in scoring.stream_counts(run)}
    landed_rows, staged, superseded, quarantined = counts["deals"]
    assert landed_rows == sum(batch.delivered_rows for batch in batches)
    assert landed_rows == staged + superseded + quarantined
    with duckdb.connect(str(run.warehouse), read_only=True) as con:
        con.execute(f"attach '{run.marts}' as marts_of_run (read_only)")
        kept = con.sql("select count(*), count(distinct deal_id) from staging.stg_deals").fetchall()[0]
        apart = con.sql("select count(*) from marts_of_run.marts.quarantine where stream = 'deals'").fetchall()[0][0]
    assert kept == (staged, staged)
    assert apart == quarantined
