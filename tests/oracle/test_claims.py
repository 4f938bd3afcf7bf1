"""No worked example or random history breaks a claim that would stop a run.

`make oracle` judges every example and all its histories, `make test` some of each.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.oracle.agreement import COMPANIES, IN_A_COMPANY
from tests.oracle.claims import Judge
from tests.oracle.companies import setting, together
from tests.oracle.random_history import history
from tests.oracle.trials import as_example, expected

from attain import modelling
from attain.plans.examples import read_examples

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"
IS_LONG = len(COMPANIES) > 5
# What once stopped a run.
SHORT = "roundings_that_wait held_scores versions_are_rounded_apart".split()
KEPT = [HERE / "kept" / "clawback_of_a_corrected_deal.yml"]
FILES = sorted([*EXAMPLES.glob("*.yml"), *(HERE / "kept").glob("*.yml")])


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    return Judge(modelling.project(tmp_path_factory.mktemp("home") / "dbt"))


@pytest.mark.parametrize(
    "path", FILES if IS_LONG else [*(EXAMPLES / f"{name}.yml" for name in SHORT), *KEPT], ids=lambda path: path.stem
)
def test_an_example_breaks_no_claim(path: Path, judge: Judge) -> None:
    for example in read_examples(path):
        assert judge.broken(example) == []


@pytest.mark.parametrize("seed", COMPANIES if IS_LONG else [3])
def test_random_histories_break_no_claim(seed: int, judge: Judge, tmp_path: Path) -> None:
    company = setting(seed)
    first = seed * IN_A_COMPANY
    numbers = range(first, first + (IN_A_COMPANY if IS_LONG else 8))
    document = together([expected(history(number, company)) for number in numbers])
    assert judge.broken(as_example(document, tmp_path)) == []
