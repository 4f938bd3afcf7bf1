"""Random histories, every other company (see agreement)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.oracle.agreement import COMPANIES, assert_agreement

from attain.modelling import CompiledModel
from attain.plans.workbench import Workbench


@pytest.mark.parametrize("seed", COMPANIES[::2])
def test_engine_and_oracle_agree_on_random_histories(
    seed: int, models: list[CompiledModel], bench: Workbench, tmp_path: Path
) -> None:
    assert_agreement(seed, models, bench, tmp_path)
