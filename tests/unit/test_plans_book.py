"""Plans of a folder, read together: all mistakes at once, versions, and nobody with two plans."""

from __future__ import annotations

from pathlib import Path

import pytest

from attain.company import Company, settings_from
from attain.errors import InputError
from attain.plans import load_plans


def company(folder: Path, **files: str) -> Company:
    """A company whose plan files are given by name."""
    (folder / "plans").mkdir()
    for name, text in files.items():
        (folder / "plans" / f"{name}.yml").write_text(text, encoding="utf-8")
    settings = settings_from({"name": "Acme", "currency": "CNY", "first_period": "2026-01"})
    return Company(folder, settings)


def plan(name: str, start: str = "2026-01-01", assign: str = "{role: ae}", end: str | None = None) -> str:
    until = f"effective_to: {end}\n" if end else ""
    return f"plan: {name}\neffective_from: {start}\n{until}assign:\n  - {assign}\n"


def mistakes(folder: Path, **files: str) -> list[str]:
    """What is wrong with the plans, with the folder cut off."""
    with pytest.raises(InputError) as raised:
        load_plans(company(folder, **files))
    return str(raised.value).replace(f"{folder}/", "").splitlines()


def test_a_file_may_hold_one_plan_a_list_or_several_documents(tmp_path: Path) -> None:
    two = f"- {plan('b', assign='{role: b}')}".replace("\n", "\n  ").rstrip() + "\n"
    two += f"- {plan('c', assign='{role: c}')}".replace("\n", "\n  ").rstrip() + "\n"
    three = plan("d", assign="{role: d}") + "---\n" + plan("e", assign="{role: e}")
    book = load_plans(company(tmp_path, z=plan("a"), y=two, x=three))
    assert [one.id for one in book.plans] == ["a", "b", "c", "d", "e"]


def test_a_company_without_plans_has_an_empty_book(tmp_path: Path) -> None:
    assert load_plans(company(tmp_path)).plans == ()


def test_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    wrong = plan("a").replace("2026-01-01", "soon")
    assert mistakes(tmp_path, a=wrong, b=plan("b") + "x: 1\n") == [
        "plans/a.yml:2: effective_from: 'soon' is not a date; write it like 2026-01-31.",
        "plans/b.yml:5: x: is not a known key here; known are plan, name, effective_from, "
        "effective_to, currency, "
        "assign, proration, fx, scorecard, components.",
    ]


def test_a_mistake_in_a_list_of_plans_names_its_line(tmp_path: Path) -> None:
    text = "- {plan: a, effective_from: 2026-01-01}\n- {plan: b, effective_from: 2026-02-30}\n"
    assert mistakes(tmp_path, a=text) == [
        "plans/a.yml:2: [2].effective_from: '2026-02-30' is not a day of the calendar."
    ]


def test_a_file_that_is_not_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    (sentence,) = mistakes(tmp_path, a="plan: a\nassign: [{role: ae}\n")
    assert sentence.startswith("plans/a.yml:3: this is not valid YAML:")


def test_an_empty_plan_file_is_told(tmp_path: Path) -> None:
    assert mistakes(tmp_path, a="# nothing yet\n") == ["plans/a.yml: holds no plan; write one, or remove the file."]


@pytest.mark.parametrize("member", ["{role: ae}", "{team: north}", "{participant: ann}"])
def test_two_plans_for_the_same_people_at_one_time_name_both_files(tmp_path: Path, member: str) -> None:
    level, name = member.strip("{}").split(": ")
    one, two = plan("a", assign=member), plan("b", start="2026-07-01", assign=member)
    assert mistakes(tmp_path, a=one, b=two) == [
        f"plans/b.yml:4: assign[1]: {level} {name} has two plans from 2026-07-01: b here and a "
        "in plans/a.yml:4; end one with effective_to or assign it to others."
    ]


def test_an_overlap_of_one_day_is_an_overlap(tmp_path: Path) -> None:
    one, two = plan("a", end="2026-07-01"), plan("b", start="2026-07-01", end="2026-12-31")
    assert "role ae has two plans from 2026-07-01 to 2026-07-01" in mistakes(tmp_path, a=one, b=two)[0]


def test_plans_that_follow_each_other_do_not_overlap(tmp_path: Path) -> None:
    one, two = plan("a", end="2026-06-30"), plan("b", start="2026-07-01")
    assert len(load_plans(company(tmp_path, a=one, b=two)).plans) == 2


def test_a_person_with_a_plan_of_their_own_does_not_overlap_with_their_role(tmp_path: Path) -> None:
    one, two = plan("a"), plan("b", assign="{participant: ann}")
    assert len(load_plans(company(tmp_path, a=one, b=two)).plans) == 2


def test_a_later_version_of_a_plan_takes_over_and_does_not_overlap(tmp_path: Path) -> None:
    book = load_plans(company(tmp_path, a=plan("a"), b=plan("a", start="2027-01-01")))
    assert [one.version_id for one in book.versions("a")] == ["a@2026-01-01", "a@2027-01-01"]


def test_what_a_later_version_gives_up_another_plan_may_take(tmp_path: Path) -> None:
    files = {
        "a": plan("a"),
        "b": plan("a", start="2027-01-01", assign="{role: am}"),
        "c": plan("c", start="2027-01-01"),
    }
    assert len(load_plans(company(tmp_path, **files)).plans) == 3


def test_two_versions_from_one_day_name_both_files(tmp_path: Path) -> None:
    assert mistakes(tmp_path, a=plan("a"), b=plan("a")) == [
        "plans/b.yml:2: effective_from: plan a already has a version from 2026-01-01 in plans/a.yml:1; "
        "versions of one plan need different dates."
    ]


def test_versions_of_a_plan_keep_its_currency(tmp_path: Path) -> None:
    later = plan("a", "2026-04-01").replace("assign:", "currency: USD\nassign:")
    assert mistakes(tmp_path, one=plan("a"), two=later) == [
        "plans/two.yml:3: currency: is USD, but the version of 2026-01-01 pays in CNY; "
        "a plan keeps its currency: give the new one an id of its own."
    ]


def test_a_version_may_name_the_currency_of_the_company(tmp_path: Path) -> None:
    later = plan("a", "2026-04-01").replace("assign:", "currency: CNY\nassign:")
    assert len(load_plans(company(tmp_path, one=plan("a"), two=later)).plans) == 2


LEAD = """\
components:
  - {id: own, type: award, title: Lead, points: 1, when: {kpi: bookings, at_least: 1}}
  - {id: lead, type: override, of: [OF], base: credits, levels: {1: 0.02}}
"""
SALE = "  - {id: sale, type: spiff, amount: 5, per: deal}\n"


def two_plans(of: str) -> dict[str, str]:
    """Plan `ae` with a spiff and an override on it; plan `lead` with an override on what is given."""
    ae = plan("ae") + LEAD.replace("OF", "sale") + SALE
    return {"ae": ae, "lead": plan("lead", assign="{role: lead}") + LEAD.replace("OF", of)}


@pytest.mark.parametrize(
    ("of", "told"),
    [
        ("ae/sal", "'ae/sal' is not a component of plan ae; did you mean sale? it must be own, lead or sale"),
        ("ae/x", "'ae/x' is not a component of plan ae; it must be own, lead or sale"),
        ("nope/sale", "'nope/sale' names no plan with components; it must be ae or lead"),
        ("ae/lead", "'ae/lead' is an override; an override is paid on other components"),
        ("lead/x", "'lead/x' is not a component of this plan; it must be own, or plan-id/component-id"),
    ],
)
def test_a_component_of_another_plan_must_be_there_and_no_override(tmp_path: Path, of: str, told: str) -> None:
    (sentence,) = mistakes(tmp_path, **two_plans(of))
    assert sentence == f"plans/lead.yml:7: components[2].of[1]: {told}."


def test_a_component_of_another_plan_that_is_there_may_be_named(tmp_path: Path) -> None:
    assert [one.id for one in load_plans(company(tmp_path, **two_plans("ae/sale"))).plans] == ["ae", "lead"]


def test_a_component_of_a_plan_that_cannot_be_read_is_not_called_missing(tmp_path: Path) -> None:
    files = two_plans("ae/sale")
    assert mistakes(tmp_path, **{**files, "ae": files["ae"].replace("amount: 5", "amount: five")}) == [
        "plans/ae.yml:8: components[3].amount: 'five' is not a number; "
        "write digits with an optional decimal point, like 0.05."
    ]
