"""The whole grammar loads, numbers stay as written, and plans are recognised by their meaning."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from attain import yamlfile
from attain.plans import book_of, flatten, json_schema, plan_from_document, plan_from_mapping, unsupported
from attain.plans.book import Plan
from attain.plans.grammar_components import TYPES, Commission, Spiff

EVERYTHING = Path(__file__).with_name("plan_with_everything.yml")
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "plans.md"
ACCEPTANCE = Path(__file__).resolve().parents[3] / "shared" / "acceptance"


def plan_of(text: str) -> Plan:
    """The plan in a YAML text."""
    return plan_from_document(yamlfile.parse_all(text, "plans/test.yml")[0])


@pytest.fixture(scope="module")
def everything() -> Plan:
    return plan_from_document(yamlfile.read(EVERYTHING))


def test_a_plan_with_every_feature_loads(everything: Plan) -> None:
    assert {part.type for part in everything.terms.components} == set(TYPES)
    assert everything.version_id == "ae-2026@2026-01-01"


def test_numbers_are_the_decimals_that_were_written(everything: Plan) -> None:
    accelerator = everything.terms.components[0]
    assert isinstance(accelerator, Commission)
    assert accelerator.rates.tiers[0].rate is not None
    assert str(accelerator.rates.tiers[0].rate.amount) == "0.08"
    assert accelerator.minimum is not None
    assert accelerator.minimum.amount == Decimal(1000)


def test_what_is_not_written_has_the_defaults_of_the_specification() -> None:
    terms = plan_of(
        "plan: a\neffective_from: 2026-01-01\ncomponents:\n  - {id: s, type: spiff, amount: 1, per: deal}"
    ).terms
    spiff = terms.components[0]
    assert isinstance(spiff, Spiff)
    assert (terms.proration.by, terms.proration.start_day, terms.fx.rate) == (
        "calendar_days",
        "inclusive",
        "transaction_date",
    )
    assert (spiff.credit.owner, spiff.credit.split, spiff.credit.rollup) == (Decimal(1), True, "none")
    assert (spiff.pay.when, spiff.pay.leavers, spiff.clawback) == ("booked", "keep", None)


def test_the_fingerprint_is_of_the_meaning_not_of_the_layout() -> None:
    short = plan_of("plan: a\neffective_from: 2026-01-01\nassign: [{role: ae}]\n")
    long = plan_of(
        "# a comment\neffective_from: 2026-01-01\nplan: a\nassign:\n  - role: ae\nproration: {by: calendar_days}\n"
    )
    assert short.terms.fingerprint() == long.terms.fingerprint()


def test_the_fingerprint_of_a_plan_stays_when_the_grammar_grows() -> None:
    # Keys left at their default are no part of it: a new optional key changes no plan that does not use it.
    plan = plan_of("plan: a\neffective_from: 2026-01-01\nassign: [{role: ae}]\n")
    content = '{"assign":[{"role":"ae"}],"effective_from":"2026-01-01","plan":"a"}'
    assert plan.terms.fingerprint() == hashlib.sha256(content.encode()).hexdigest()


@pytest.mark.parametrize("change", ["{role: am}", "{team: ae}"])
def test_another_meaning_has_another_fingerprint(change: str) -> None:
    text = "plan: a\neffective_from: 2026-01-01\nassign: [{role: ae}]\n"
    assert plan_of(text).terms.fingerprint() != plan_of(text.replace("{role: ae}", change)).terms.fingerprint()


def test_a_number_written_otherwise_is_the_same_plan() -> None:
    text = "plan: a\neffective_from: 2026-01-01\ncomponents:\n  - {id: s, type: spiff, amount: %s, per: deal}"
    assert plan_of(text % "500").terms.fingerprint() == plan_of(text % "500.00").terms.fingerprint()
    assert plan_of(text % "500").terms.fingerprint() != plan_of(text % "500.01").terms.fingerprint()


def test_a_plan_given_as_a_mapping_is_read_alike() -> None:
    plan = plan_from_mapping({"plan": "a", "effective_from": "2026-01-01", "assign": [{"role": "ae"}]}, "example.yml")
    assert (plan.version_id, plan.label) == ("a@2026-01-01", "example.yml")


class Yaml12(yaml.SafeLoader):
    """YAML as editors read it: only true and false are flags, dates stay text."""


Yaml12.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])


def test_the_json_schema_takes_what_the_grammar_takes_and_no_more() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json_schema())
    data = yaml.load(EVERYTHING.read_text(encoding="utf-8"), Loader=Yaml12)
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)] == []
    faults = [error.message for error in validator.iter_errors(data | {"componets": []})]
    assert faults == ["Additional properties are not allowed ('componets' was unexpected)"]


def test_the_plans_of_the_guide_load_and_are_computed() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    plans = [plan_of(block) for block in blocks]
    assert [plan.id for plan in plans] == ["ae-2026", "manager-2026", "engineer-2026", "lead-2026"]
    assert [unsupported(plan) for plan in plans] == [[], [], [], []]


def _acceptance_plans() -> list[tuple[str, yamlfile.Document, tuple[str | int, ...]]]:
    cases = []
    for path in sorted(ACCEPTANCE.glob("*.yml")):
        document = yamlfile.read(path)
        plans = document.data["plan"]
        places = [("plan", position) for position in range(len(plans))] if isinstance(plans, list) else [("plan",)]
        cases += [(path.stem, document, at) for at in places]
    return cases


@pytest.mark.skipif(not ACCEPTANCE.is_dir(), reason="the acceptance examples are not here")
def test_every_plan_of_the_acceptance_examples_loads_and_flattens() -> None:
    for name, document, at in _acceptance_plans():
        plan = plan_from_document(document, at)
        tables = flatten(book_of([plan]), "CNY")
        assert tables["components"].num_rows == len(plan.terms.components), name
        assert unsupported(plan) == [], name
