"""A larger company told in other ways, each change alone; part of `make faults`.

`tests/integration/test_metamorphic.py` says what may differ.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.integration import metamorphic_company as companies
from tests.integration import metamorphic_run as runs
from tests.integration.metamorphic_run import Told


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What the company says when nothing is changed: large enough that threads share its tables."""
    root = tmp_path_factory.mktemp("first")
    companies.write(root / "company", people=40, months=18, deals=8_000)
    return runs.tell(root / "company", root / "home")


@pytest.fixture
def company(first: Told, tmp_path: Path) -> Path:
    """A copy of the company, to be changed."""
    return Path(shutil.copytree(first.home.parent / "company", tmp_path / "company"))


@pytest.mark.parametrize("seed", range(2, 7))
def test_shuffled_rows_in_split_files_change_nothing(first: Told, company: Path, tmp_path: Path, seed: int) -> None:
    companies.shuffled_and_split(company / "inbox", seed)
    runs.agree(runs.tell(company, tmp_path / "home", first.home / "dbt"), first)


def test_files_delivered_again_in_every_format_change_nothing(first: Told, company: Path, tmp_path: Path) -> None:
    companies.again_in_every_format(company / "inbox")
    runs.agree_twice(runs.tell(company, tmp_path / "home", first.home / "dbt"), first)


@pytest.mark.parametrize("count", [1, 2, 4, 8])
def test_other_threads_change_nothing_at_all(first: Told, company: Path, tmp_path: Path, count: int) -> None:
    with runs.threads(count):
        told = runs.tell(company, tmp_path / "home", first.home / "dbt")
    assert told.differing(first) == []


@pytest.mark.parametrize("variables", [runs.SHANGHAI, runs.LOS_ANGELES], ids=lambda variables: variables["TZ"])
def test_other_time_zones_locales_and_hash_seeds_change_nothing_at_all(
    first: Told, company: Path, tmp_path: Path, variables: dict[str, str]
) -> None:
    told = runs.tell_elsewhere(company, tmp_path / "home", first.home / "dbt", **variables)
    assert told.differing(first) == []
