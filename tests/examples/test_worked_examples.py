"""The worked examples of this folder, and the published acceptance cases where they lie beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from attain.environment import PROJECT
from attain.plans.examples import Example, read_examples
from attain.plans.trial import Verdict, run_examples

HERE = Path(__file__).parent
ACCEPTANCE = PROJECT.parent / "shared" / "acceptance"


def _examples(folder: Path) -> list[Example]:
    return [example for path in sorted(folder.glob("*.yml")) for example in read_examples(path)]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[Verdict]:
    """Every example once, in one call: the models are compiled once for all of them."""
    return run_examples([*_examples(HERE), *_examples(ACCEPTANCE)], tmp_path_factory.mktemp("home"))


def _told(verdicts: list[Verdict], outcome: str) -> str:
    return "\n".join(
        f"{verdict.path.name}: {verdict.name}: {detail}"
        for verdict in verdicts
        if verdict.outcome == outcome
        for detail in verdict.details
    )


def test_no_example_fails(verdicts: list[Verdict]) -> None:
    assert _told(verdicts, "failed") == ""


def test_every_own_example_passes(verdicts: list[Verdict]) -> None:
    own = [verdict for verdict in verdicts if verdict.path.parent == HERE]
    assert len(own) > 100
    assert [(verdict.path.stem, verdict.name) for verdict in own if verdict.outcome != "passed"] == []


def test_every_own_example_says_where_it_comes_from_and_what_goes_wrong_elsewhere() -> None:
    import yaml

    documents = [
        (path.name, document)
        for path in sorted(HERE.glob("*.yml"))
        for document in yaml.load_all(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    ]
    assert [
        (name, document["example"]) for name, document in documents if not (document["source"] and document["why"])
    ] == []
    names = [document["example"] for _, document in documents]
    assert len(names) == len(set(names))


@pytest.mark.skipif(not ACCEPTANCE.is_dir(), reason="the acceptance cases are not beside the project")
def test_every_acceptance_case_passes(verdicts: list[Verdict]) -> None:
    cases = [verdict for verdict in verdicts if verdict.path.parent == ACCEPTANCE]
    assert {verdict.path.stem for verdict in cases} == {path.stem for path in ACCEPTANCE.glob("*.yml")}
    assert [(verdict.path.stem, verdict.outcome) for verdict in cases if verdict.outcome != "passed"] == []
