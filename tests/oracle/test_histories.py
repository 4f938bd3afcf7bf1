"""Engine and oracle over random histories: payouts, ledger, earnings and the commission table agree to the cent.

`ORACLE_HISTORIES` says how many (200; `make oracle` runs 2,000). A history is one of a company of forty, because a
build costs the same for one as for forty. Every history that ever failed lies in `kept/` and is run always.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from tests.oracle.companies import setting, together
from tests.oracle.example import Document
from tests.oracle.judge import disagreements
from tests.oracle.random_history import history
from tests.oracle.trials import as_yaml, differences, expected, smallest

from attain.environment import PROJECT
from attain.modelling import CompiledModel
from attain.plans.examples import read_examples
from attain.plans.trial import compiled_models, run_examples

HERE = Path(__file__).parent
KEPT = sorted((HERE / "kept").glob("*.yml"))
EXAMPLES = sorted((HERE.parent / "examples").glob("*.yml"))
ACCEPTANCE = PROJECT.parent / "shared" / "acceptance"
IN_A_COMPANY = 40
COMPANIES = int(os.environ.get("ORACLE_HISTORIES", "200")) // IN_A_COMPANY
# Examples of other tables, or of KPIs and quarantine rules that no history uses.
UNREADABLE = {"reconciliation.yml", "amortisation.yml"}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[CompiledModel]:
    return compiled_models(tmp_path_factory.mktemp("home"))


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
        if name not in UNREADABLE
        for sentence in disagreements(document)
    ]


def test_the_oracle_agrees_with_every_worked_example() -> None:
    assert _disagreements(EXAMPLES) == []


@pytest.mark.skipif(not ACCEPTANCE.is_dir(), reason="the acceptance cases are not beside the project")
def test_the_oracle_agrees_with_every_acceptance_case() -> None:
    assert _disagreements(sorted(ACCEPTANCE.glob("*.yml"))) == []


def test_the_histories_pay_something_in_most_rows_and_change_after_closes() -> None:
    company = setting(1)
    outcomes = [expected(history(number, company))["expect"] for number in range(IN_A_COMPANY)]
    adjusted = [rows for rows in outcomes if any(row["adjustment"] != "0" for row in rows["payouts"])]
    assert len([rows for rows in outcomes if rows["payouts"]]) >= IN_A_COMPANY * 0.9
    assert len(adjusted) >= IN_A_COMPANY * 0.4


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_history_that_once_failed_agrees(path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.getbasetemp() / "kept"
    for verdict in run_examples(read_examples(path), home, processes=1):
        assert verdict.details == (), verdict.name


@pytest.mark.parametrize("seed", range(COMPANIES))
def test_engine_and_oracle_agree_on_random_histories(seed: int, models: list[CompiledModel], tmp_path: Path) -> None:
    company = setting(seed)
    numbers = range(seed * IN_A_COMPANY, (seed + 1) * IN_A_COMPANY)
    documents = {number: expected(history(number, company)) for number in numbers}
    found = differences(together(list(documents.values())), models, tmp_path)
    if found:
        failing = next((documents[number] for number in numbers if any(f"-{number}," in text for text in found)), None)
        shown = as_yaml(smallest(failing, models, tmp_path)) if failing else ""
        pytest.fail("\n".join([*found[:10], "", "Keep it in tests/oracle/kept/:", shown]))
