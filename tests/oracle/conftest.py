"""The models of the engine, compiled once per process, and the workbench that its histories share."""

from __future__ import annotations

import pytest

from attain.modelling import CompiledModel
from attain.plans.trial import compiled_models
from attain.plans.workbench import Workbench


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[CompiledModel]:
    return compiled_models(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def bench() -> Workbench:
    return Workbench()
