"""`kill -9` at every named point, at every change of the disk in a close, at a hundred random instants; part of
`make faults`."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from tests.faults import children, world
from tests.faults.points import POINTS, Point
from tests.faults.world import World
from tests.integration.tiny_company import Place

RANDOM_KILLS, IN_A_ROW, SEED = 100, 10, 20250303


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
def test_a_kill_leaves_whole_states_and_the_rerun_ends_as_if_undisturbed(january: World, point: Point) -> None:
    closing = point.during == "close"
    if closing:
        january.reset(january.ran)
    assert children.finish(january.job(point=point, run=not closing, close=closing)) == children.KILLED
    seen, booked = world.whole(january)
    assert seen in (("after run", "after close") if closing else ("before", "after run"))
    assert closing or not booked
    world.end(january)


def nth_change(number: int) -> Point:
    return Point(f"change {number} of the disk", "close", disk=("*", "*"), nth=number)


def test_a_close_killed_at_every_change_of_the_disk_is_booked_whole_or_not_at_all(
    prepared: World, tmp_path: Path
) -> None:
    before_booking, booked = 0, False
    while not booked:
        prepared.reset(prepared.ran)
        before_booking += 1
        killed, seen, booked = world.kill_in_close(prepared, nth_change(before_booking))
        assert (killed, seen) == (True, "after run")
        if before_booking % IN_A_ROW == 0 and not booked:
            world.end(prepared)
    completed = completed_after(prepared, prepared.place.copied_to(tmp_path / "booked"))
    print(f"\nkilled {before_booking} times until it was booked, {completed} times until it was published")


def completed_after(prepared: World, booked: Place) -> int:
    """Kills at every change of the attempt that completes a booked close; how many there were."""
    states = ["after run", "after close"]
    reached, count = 0, 0
    while True:
        prepared.reset(booked)
        killed, seen, is_booked = world.kill_in_close(prepared, nth_change(count + 1))
        assert is_booked
        assert states.index(seen) >= reached, "a later kill left an older state"
        reached = states.index(seen)
        if not killed:
            return count
        count += 1
        if count % IN_A_ROW == 0:
            world.end(prepared)


@pytest.fixture(scope="module")
def seconds(prepared: World) -> float:
    """How long a run with its close takes here: the random instants are spread over it."""
    prepared.reset()
    began = time.monotonic()
    world.finished(prepared.job(close=True))
    return time.monotonic() - began


@pytest.mark.parametrize("row", range(RANDOM_KILLS // IN_A_ROW))
def test_kills_at_random_instants_leave_whole_states_and_the_rerun_ends_as_if_undisturbed(
    january: World, seconds: float, row: int
) -> None:
    dice = random.Random(SEED + row)
    states = [("before", False), ("after run", False), ("after run", True), ("after close", True)]
    reached, killed = 0, 0
    while killed < IN_A_ROW:
        was_killed = children.kill_after(january.job(close=reached < 2), dice.uniform(0, seconds))
        killed += was_killed
        now_at = states.index(world.whole(january))
        assert now_at >= reached, "readers see an older set than before"
        reached = now_at
        if not was_killed:
            january.reset()
            reached = 0
    world.end(january)
