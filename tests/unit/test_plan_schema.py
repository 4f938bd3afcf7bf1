"""The JSON Schema for editors takes every plan the project knows, in its short forms, and underlines what is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from attain.cli import cli
from attain.plans.check import file_schema

jsonschema = pytest.importorskip("jsonschema")

HERE = Path(__file__).parent
EXAMPLES = sorted((HERE.parent / "examples").glob("*.yml"))
PLANS = [HERE / "plan_with_everything.yml", *sorted((HERE.parent / "companies").glob("*/plans/*.yml"))]
HEAD = {"plan": "a", "effective_from": "2026-01-01"}
SPIFF = {"id": "s", "type": "spiff", "amount": 500, "per": "deal"}


class Yaml12(yaml.SafeLoader):
    """YAML as editors read it: only true and false are flags, dates stay text."""


Yaml12.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])


@pytest.fixture(scope="module")
def validator() -> Any:
    jsonschema.Draft202012Validator.check_schema(file_schema())
    return jsonschema.Draft202012Validator(file_schema())


def faults(validator: Any, data: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)]


def test_the_command_prints_the_schema() -> None:
    result = CliRunner().invoke(cli, ["plan", "schema"])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == file_schema()


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_plan_files_fit_the_schema(path: Path, validator: Any) -> None:
    for data in yaml.load_all(path.read_text(encoding="utf-8"), Loader=Yaml12):
        assert faults(validator, data) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_plans_of_worked_examples_fit_the_schema(path: Path, validator: Any) -> None:
    plans = [data["plan"] for data in yaml.load_all(path.read_text(encoding="utf-8"), Loader=Yaml12) if data]
    assert plans
    for plan in plans:
        assert faults(validator, plan) == []


@pytest.mark.parametrize(
    "more",
    [
        {"cap": 50000},
        {"cap": {"of": "target_pay", "share": 2}},
        {"minimum": "1000.50"},
        {"target_pay": 10000},
        {"name": "Launch"},
        {"name": {"zh": "新签"}},
        {"where": {"product_line": "GTX"}},
        {"where": {"product_line": ["GTX", "SVC"]}},
        {"gate": {"kpi": "margin", "at_least": 1, "else": "nothing"}},
        {"clawback": {"on": ["cancel"], "share": "unexpired"}},
    ],
)
def test_short_and_long_forms_are_both_allowed(more: dict[str, Any], validator: Any) -> None:
    assert faults(validator, {**HEAD, "components": [{**SPIFF, **more}]}) == []


@pytest.mark.parametrize(
    ("change", "place", "word"),
    [
        ({"componets": []}, "$", "componets"),
        ({"effective_from": 2026}, "$.effective_from", "string"),
        ({"proration": {"by": "days"}}, "$.proration.by", "calendar_days"),
        ({"fx": {"rates": "plan"}}, "$.fx", "rates"),
    ],
)
def test_what_the_grammar_refuses_is_underlined(change: dict[str, Any], place: str, word: str, validator: Any) -> None:
    (fault,) = faults(validator, {**HEAD, **change})
    assert fault.startswith(f"{place}: ")
    assert word in fault


@pytest.mark.parametrize(
    "change", [{"per": "month"}, {"capp": 1}, {"type": "spif"}, {"gate": {"kpi": "margin", "else": "none"}}]
)
def test_a_component_that_is_wrong_is_underlined(change: dict[str, Any], validator: Any) -> None:
    assert len(faults(validator, {**HEAD, "components": [{**SPIFF, **change}]})) == 1


def test_a_list_of_plans_is_checked_one_by_one(validator: Any) -> None:
    assert faults(validator, [HEAD, {**HEAD, "components": [SPIFF]}]) == []
    assert faults(validator, [HEAD, {"plan": "b"}]) == ["$[1]: 'effective_from' is a required property"]
