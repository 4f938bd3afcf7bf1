"""`kill -9` at every named point and at a hundred random instants; part of `make faults`."""

from __future__ import annotations

import random
import time

import pytest
from tests.faults import children, world
from tests.faults.points import POINTS, Point
from tests.faults.world import World

RANDOM_KILLS, IN_A_ROW, SEED = 100, 10, 20250303


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
def test_a_kill_leaves_whole_states_and_the_rerun_ends_as_if_undisturbed(january: World, point: Point) -> None:
    closing = point.during == "close"
    if closing:
        world.finished(january.job())
    assert children.finish(january.job(point=point, run=not closing, close=closing)) == children.KILLED
    seen, booked = world.whole(january)
    assert seen in (("after run", "after close") if closing else ("before", "after run"))
    assert closing or not booked
    world.end(january)


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
