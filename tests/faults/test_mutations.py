"""Spoilt files: each is landed or refused in a sentence, each row staged or quarantined. Short form."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.faults import feeding, mutations

pytestmark = pytest.mark.slow


def test_fifty_spoilt_files_are_landed_or_refused_and_every_row_is_accounted_for(tmp_path: Path) -> None:
    landed, refused, empty = feeding.feed(tmp_path, mutations.mutants(50, seed=11, huge_every=50))
    assert landed + refused + empty == 50
    assert landed >= 25
    assert refused >= 5


def test_the_same_seed_gives_the_same_files() -> None:
    assert mutations.mutants(20, seed=3) == mutations.mutants(20, seed=3)
