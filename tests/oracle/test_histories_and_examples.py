"""The other companies of random histories (see agreement), and what the oracle itself has to agree with.

Every history that ever failed lies in `kept/` and is run always.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.oracle.agreement import COMPANIES, IN_A_COMPANY, assert_agreement
from tests.oracle.companies import setting
from tests.oracle.example import Document
from tests.oracle.judge import disagreements
from tests.oracle.random_history import history
from tests.oracle.trials import expected

from attain.environment import PROJECT
from attain.modelling import CompiledModel
from attain.plans.examples import read_examples
from attain.plans.trial import Trial
from attain.plans.workbench import Workbench

HERE = Path(__file__).parent
KEPT = sorted((HERE / "kept").glob("*.yml"))
EXAMPLES = sorted((HERE.parent / "examples").glob("*.yml"))
ACCEPTANCE = PROJECT.parent / "shared" / "acceptance"
# Examples of other tables, or of KPIs, rates and quarantine rules that no history uses.
UNREADABLE = {
    f"{name}.yml"
    for name in "reconciliation amortisation currencies gates measures multipliers personal_rates plan_rates "
    "ready_made_figures segments".split()
}
# What the oracle leaves out and single examples are about: surveys, clawbacks of overrides, plans in a currency that is
# not the company's, pay that waits for the score of a longer period, targets spread unevenly.
LEFT_OUT = (
    "where all that is measured is missing there is no weight to spread",
    "a manager gives back the lost part of an override only where the override says so",
    "every type of pay in a plan whose currency is not the company's",
    "a month that is multiplied by the score of its quarter",
    "months and quarters that wait for the score of their year",
    "a target spreads over its months as the company says",
)


def _documents(paths: list[Path]) -> list[tuple[str, Document]]:
    return [
        (path.name, document)
        for path in paths
        for document in yaml.load_all(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    ]


def _disagreements(paths: list[Path]) -> list[str]:
    return [
        f"{name}: {document['example']}: {sentence}"
        for name, document in _documents(paths)
        if name not in UNREADABLE and not document["example"].startswith(LEFT_OUT)
        for sentence in disagreements(document)
    ]


def test_the_oracle_agrees_with_every_worked_example() -> None:
    assert _disagreements([*EXAMPLES, *KEPT]) == []


@pytest.mark.skipif(not ACCEPTANCE.is_dir(), reason="the acceptance cases are not beside the project")
def test_the_oracle_agrees_with_every_acceptance_case() -> None:
    assert _disagreements(sorted(ACCEPTANCE.glob("*.yml"))) == []


def test_the_histories_pay_something_in_most_rows_and_change_after_closes() -> None:
    company = setting(1)
    outcomes = [expected(history(number, company))["expect"] for number in range(IN_A_COMPANY)]
    adjusted = [rows for rows in outcomes if any(row["adjustment"] != "0" for row in rows["payouts"])]
    assert len([rows for rows in outcomes if rows["payouts"]]) >= IN_A_COMPANY * 0.9
    assert len(adjusted) >= IN_A_COMPANY * 0.3


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_history_that_once_failed_agrees(path: Path, models: list[CompiledModel], bench: Workbench) -> None:
    for example in read_examples(path):
        assert Trial(example, models, bench).run() == [], example.name


@pytest.mark.parametrize("seed", COMPANIES[1::2])
def test_engine_and_oracle_agree_on_random_histories(
    seed: int, models: list[CompiledModel], bench: Workbench, tmp_path: Path
) -> None:
    assert_agreement(seed, models, bench, tmp_path)
