"""Histories through the engine: worked examples with the oracle's numbers, run as `attain plan test` does."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import yaml
from tests.oracle.example import Document, run

from attain.errors import InputError
from attain.modelling import CompiledModel
from attain.plans.examples import Example, read_examples
from attain.plans.trial import Trial
from attain.plans.workbench import Workbench


def expected(document: Document) -> Document:
    """The history with what the oracle expects after its last close."""
    return {**copy.deepcopy(document), "expect": run(document).expectation()}


def as_yaml(document: Document) -> str:
    """The history as a worked example can be kept."""
    return yaml.safe_dump(_unshared(document), sort_keys=False, allow_unicode=True, width=140, default_flow_style=None)


def as_example(document: Document, folder: Path) -> Example:
    """A document with its `expect` as the worked example that `attain plan test` would read."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "history.yml"
    path.write_text(as_yaml(document), encoding="utf-8")
    return read_examples(path)[0]


def differences(
    document: Document, models: list[CompiledModel], folder: Path, bench: Workbench | None = None
) -> list[str]:
    """Every number in which engine and oracle differ on a document with its `expect`."""
    return Trial(as_example(document, folder), models, bench).run()


def smallest(document: Document, models: list[CompiledModel], folder: Path, attempts: int = 60) -> Document:
    """The history with everything taken away that is not needed for engine and oracle to differ."""
    best = document
    changed = True
    while changed and attempts > 0:
        changed = False
        for candidate in _smaller(best):
            attempts -= 1
            if attempts > 0 and _differs(candidate, models, folder):
                best, changed = expected(candidate), True
                break
    return best


def _differs(candidate: Document, models: list[CompiledModel], folder: Path) -> bool:
    try:
        return bool(differences(expected(candidate), models, folder))
    except (InputError, LookupError):
        return False


def _smaller(document: Document) -> Iterator[Document]:
    """The document less one component, or less one row of what was delivered."""
    for n, plan in enumerate(document["plan"]):
        for part in plan["components"] if len(plan["components"]) > 1 else ():
            less = copy.deepcopy(document)
            less["plan"][n]["components"].remove(part)
            yield less
    for n, step in enumerate(document["steps"]):
        for stream in ("deals", "targets", "payments", "invoices", "absences", "credit_notes", "deal_splits"):
            for row in step["given"].get(stream, ()):
                less = copy.deepcopy(document)
                less["steps"][n]["given"][stream].remove(row)
                yield less


def _unshared(value: object) -> object:
    """A copy without shared parts, so that YAML writes no anchors."""
    if isinstance(value, dict):
        return {key: _unshared(item) for key, item in value.items()}
    return [_unshared(item) for item in value] if isinstance(value, list) else value
