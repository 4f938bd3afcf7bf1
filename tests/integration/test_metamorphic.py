"""The same company told in another way gives the same set: other orders, files, formats, threads, zones and locales.

Compared are the content hashes of every published table, as they stand in the seal. What names files, rows of files or
batches is left out where these differ: `publication` (the ids of batches) and, of the table `quarantine`, the place
of a row. Rows delivered twice stand in `quarantine` twice and are counted twice in `quality_results`, because both
speak of what was delivered; both are compared without that. Which of two deliveries of one key wins depends on their
order by definition, so no change here turns that order round.

Two changes at once, to be quick; `tests/faults/long_metamorphic.py` has each of them alone, and more of them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.integration import metamorphic_company as companies
from tests.integration import metamorphic_run as runs
from tests.integration.metamorphic_run import Told

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What the company says when nothing is changed."""
    root = tmp_path_factory.mktemp("first")
    companies.write(root / "company", people=12, months=6, deals=1000)
    return runs.tell(root / "company", root / "home")


@pytest.fixture
def company(first: Told, tmp_path: Path) -> Path:
    """A copy of the company, to be changed."""
    return Path(shutil.copytree(first.home.parent / "company", tmp_path / "company"))


def test_the_company_has_what_depends_on_order(first: Told) -> None:
    paid = {row[0] for row in first.rows("select distinct component from marts.payouts where payable <> 0")}
    assert paid >= {"accelerator", "cash_commission", "team_pool", "race", "early_bird", "advance"}
    assert first.rows("select count(*) > 10 from marts.payouts where held <> 0 and released <> 0") == [(True,)]
    shared = "select transaction_id from marts.credits group by all having count(distinct participant_id) > 1"
    assert len(first.rows(shared)) >= 5
    assert {row[0] for row in first.quarantine} >= {"deals", "deal_splits", "leads", "activities"}


def test_shuffled_rows_in_split_files_and_other_threads_change_nothing(
    first: Told, company: Path, tmp_path: Path
) -> None:
    companies.shuffled_and_split(company / "inbox", seed=1)
    with runs.threads(4):
        told = runs.tell(company, tmp_path / "home", first.home / "dbt")
    runs.agree(told, first)


def test_files_again_in_other_formats_read_elsewhere_in_the_world_change_nothing(
    first: Told, company: Path, tmp_path: Path
) -> None:
    companies.again_in_every_format(company / "inbox")
    told = runs.tell_elsewhere(company, tmp_path / "home", first.home / "dbt", **runs.LOS_ANGELES)
    runs.agree_twice(told, first)
