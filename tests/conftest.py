"""Shared by all tests: the quiet environment of `attain.environment`, with state in a temporary folder."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from attain import environment

_STATE = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Before a test module imports airflow, dbt or great_expectations: they read settings on import."""
    folder = tempfile.TemporaryDirectory(prefix="attain-tests-", ignore_cleanup_errors=True)
    config.stash[_STATE] = folder
    environment.apply(Path(folder.name))
    # Compiled once for all: processes that share the tests inherit the folder of the first.
    os.environ.setdefault("ATTAIN_COMPILED", str(Path(folder.name) / "compiled"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing in the temporary folder."""
    config.stash[_STATE].cleanup()


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's folder."""
    return environment.PROJECT


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty ATTAIN_HOME."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder
