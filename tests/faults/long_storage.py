"""A full disk at every step of a run and of its close, and a run in little memory; part of `make faults`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faults import children, disks, world
from tests.faults.points import BALLAST, Point, fill, starve
from tests.faults.test_storage import flipped_in_the_set
from tests.faults.world import World

from attain.pipeline import STEPS

EVERY_STEP = (
    Point("landing: rows", "run", call="attain.rows:RowWriter.add"),
    Point("landing: seal", "run", disk=("open", "landing/deals/.*.tmp/seal.json")),
    Point("begin", "run", call="attain.conform:conform"),
    *(Point(name, "run", told=(name, "")) for name, _ in STEPS),
    Point("publish: the files", "run", call="attain.publish.set:write_parquet", nth=3),
    Point("publish: the workbook", "run", call="attain.publish.set:write_commission_workbook"),
    Point("publish: the seal", "run", disk=("open", "published/sets/*/seal.json")),
    Point("close: the ledger", "close", call="attain.ledger:keep", nth=2),
)


def fills(small: World, points: tuple[Point, ...], folder: Path) -> None:
    """Strike at each point in turn; at the end there is room, and everything ends as if undisturbed."""
    for point in points:
        closing = point.during == "close"
        if closing:
            world.finished(small.job())
        job = small.job(run=not closing, close=closing, point=point, strike=fill)
        code = children.finish(job)
        (folder / "place" / BALLAST).unlink()
        assert code == 3, (point.name, code)
        sentence = children.log_of(job).read_text()
        assert f"There is no space left under {small.place.home}" in sentence.replace("/published/sets", ""), point.name
        assert world.whole(small) == ("after run" if closing else "before", False), point.name
    world.finished(small.job(close=True))
    assert world.whole(small) == ("after close", True)
    assert world.leftovers(small.place.home) == []


def test_a_disk_that_is_full_at_any_step_is_told_in_a_sentence_and_room_mends_it(
    prepared: World, tmp_path: Path
) -> None:
    with disks.small_disk(tmp_path / "small", 128) as folder:
        small = prepared.at(folder / "place")
        fills(small, EVERY_STEP, folder)


@pytest.mark.parametrize("step", ["stage", "score", "pay"])
def test_memory_that_runs_out_is_told_in_a_sentence_and_leaves_what_is_published(january: World, step: str) -> None:
    job = january.job(point=Point(step, "run", told=(step, "")), strike=starve)
    assert children.finish(job) == 3
    assert "Memory ran out, also with spilling to disk" in children.log_of(job).read_text()
    assert world.whole(january) == ("before", False)
    world.finished(january.job(now=world.LATER))
    assert world.whole(january) == ("after run", False)


@pytest.mark.parametrize("file", ["attain.duckdb", "seal.json"])
def test_a_flipped_bit_in_the_set_is_found_not_booked_and_replaced(january: World, file: str) -> None:
    flipped_in_the_set(january, file)
