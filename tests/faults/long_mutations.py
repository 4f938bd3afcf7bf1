"""Two thousand spoilt files, a hundred at a time; part of `make faults`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faults import feeding, mutations


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spoilt")


@pytest.mark.parametrize("seed", range(100, 120))
def test_a_hundred_spoilt_files_are_landed_or_refused_and_every_row_is_accounted_for(root: Path, seed: int) -> None:
    landed, refused, empty = feeding.feed(root, mutations.mutants(100, seed=seed))
    assert landed + refused + empty == 100
