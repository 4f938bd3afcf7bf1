"""The world most of these tests spoil, made once; each begins with a fresh copy of it."""

from __future__ import annotations

import pytest
from tests.faults import world
from tests.faults.world import World


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The company in the middle of its life, and what an undisturbed run and close make of it."""
    return world.build(tmp_path_factory.mktemp("world"))


@pytest.fixture
def january(prepared: World) -> World:
    """The same, reset to the state before its second run."""
    return prepared.reset()
