"""Two plans are compared by meaning: every difference once, in words, in a fixed order."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from attain import yamlfile
from attain.cli import cli
from attain.errors import InputError
from attain.plans import plan_from_document
from attain.plans.book import Plan
from attain.plans.diff import compared, differences
from attain.plans.diff_words import Label
from attain.plans.workbook_write import write_workbook

EVERYTHING = Path(__file__).with_name("plan_with_everything.yml")
TEXT = EVERYTHING.read_text(encoding="utf-8")


def plan_of(text: str, label: str = "plan.yml") -> Plan:
    return plan_from_document(yamlfile.parse_all(text, label)[0])


def changed(*replaced: tuple[str, str]) -> list[str]:
    """What differs when these parts of the plan with everything are replaced."""
    text = TEXT
    for old, new in replaced:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return [change.told() for change in differences(plan_of(TEXT), plan_of(text))]


def test_a_plan_does_not_differ_from_itself() -> None:
    assert changed() == []


def test_layout_defaults_and_digits_are_no_difference() -> None:
    assert (
        changed(
            ("cap: 50000\n", "cap: {amount: 50000.00}\n"),
            ("release_after_days: 90}}", "release_after_days: 90}, leavers: keep}"),
        )
        == []
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "{from: 0, rate: 0.08}",
            "{from: 0, rate: 0.09}",
            "changed  component accelerator, rates, tier from 0, rate: 0.08 → 0.09",
        ),
        (
            "{from: 1.0, rate: 0.12, retroactive: true}, ",
            "",
            "removed  component accelerator, rates, tier from 1: from 1, rate 0.12, retroactive true",
        ),
        ("    cap: 50000\n", "", "removed  component accelerator, cap: 50000"),
        (
            "    cap: 50000\n",
            "    cap: {of: target_pay, share: 2}\n    target_pay: 5\n",
            "changed  component accelerator, cap: 50000 → of target_pay, share 2",
        ),
        (
            "    minimum: 1000\n",
            "    minimum: {amount: 1000, always: true}\n",
            "changed  component accelerator, minimum: 1000 → amount 1000, always true",
        ),
        (
            "factors: {S: 1.3, B: 1, D: 0}",
            "factors: {S: 1.4, B: 1, D: 0}",
            "changed  component personal, multiplier, factors, S: 1.3 → 1.4",
        ),
        ("else: nothing}", "else: {factor: 0.5}}", "changed  component kicker, gate, else: nothing → factor 0.5"),
        ("share: unexpired", "share: 0.5", "changed  component personal, clawback, share: unexpired true → 0.5"),
        ("effective_to: 2026-12-31", "effective_to: 2027-06-30", "changed  effective_to: 2026-12-31 → 2027-06-30"),
        (", {team: north}", "", "removed  assigned to team north"),
        ("EUR: 7.8", "EUR: 7.8, JPY: 0.05", "added    fx, plan_rates, JPY: 0.05"),
        ("{grade: B, from: 0.85}", "{grade: B, from: 0.8}", "changed  scorecard, grade B, from: 0.85 → 0.8"),
        (
            "    weight: 0.2\n      target: 45",
            "    weight: 0.2\n      target: 40",
            "changed  scorecard, measure sales_cycle, target: 45 → 40",
        ),
        (
            "at_least: 0.8, else",
            "at_least: 0.7, else",
            "changed  scorecard, gate on collection_rate, at_least: 0.8 → 0.7",
        ),
        (
            "[[0, 0], [1, 1]]",
            "[[0, 0], [1, 2]]",
            "changed  component quarterly, multiplier, curve, points: [[0, 0], [1, 1]] → [[0, 0], [1, 2]]",
        ),
        ("absences: [parental, sick]", "absences: [sick]", "changed  proration, absences: [parental, sick] → [sick]"),
        ("limit: 2}", "limit: 2, credit: {owner: 0.5}}", "changed  component launch, credit, owner: 1 → 0.5"),
        (
            "zh: 客户经理",
            "zh: 销售",
            "changed  name: en Account executive, zh 客户经理 → en Account executive, zh 销售",
        ),
    ],
)
def test_a_difference_is_said_in_words(old: str, new: str, sentence: str) -> None:
    assert sentence in changed((old, new))
    assert len(changed((old, new))) == (2 if "target_pay: 5" in new else 1)


def test_a_component_that_is_new_or_gone_is_one_line() -> None:
    line = "  - {id: small_pool, type: pool, period: month, amount: 1000, share_by: score, within: team}\n"
    what = "component small_pool: id small_pool, type pool, period month, amount 1000, share_by score, within team"
    assert changed((line, "")) == [f"removed  {what}"]
    back = differences(plan_of(TEXT.replace(line, "")), plan_of(TEXT))
    assert [change.told() for change in back] == [f"added    {what}"]


def test_another_order_of_components_is_told() -> None:
    two = "plan: a\neffective_from: 2026-01-01\ncomponents:\n%s%s"
    one, other = (f"  - {{id: {name}, type: spiff, amount: 1, per: deal}}\n" for name in "xy")
    found = differences(plan_of(two % (one, other)), plan_of(two % (other, one)))
    assert [change.told() for change in found] == ["changed  order of components: x, y → y, x"]


def test_differences_follow_the_order_of_the_grammar() -> None:
    card = "scorecard: {period: month, measures: [{kpi: bookings, weight: 1}]}\n"
    before = plan_of("plan: a\neffective_from: 2026-01-01\ncomponents: [{id: x, type: spiff, amount: 1, per: deal}]\n")
    after = plan_of(f"{card}effective_from: 2026-02-01\nplan: b\n")
    assert [(change.kind, change.where) for change in differences(before, after)] == [
        ("changed", ("plan",)),
        ("changed", ("effective_from",)),
        ("added", ("scorecard",)),
        ("removed", (Label("component", "x"),)),
    ]


def test_a_reader_of_chinese_reads_chinese() -> None:
    before = plan_of(TEXT, "old.yml")
    text = TEXT.replace("{from: 0, rate: 0.08}", "{from: 0, rate: 0.09}")
    after = plan_of(text, "new.yml")
    assert compared([before], [after], "zh-CN") == [
        f"{before.version_id}（old.yml） → {after.version_id}（new.yml）",
        "  修改       组件 accelerator，rates，自 0 起的阶梯，rate：0.08 → 0.09",
    ]
    card = "plan: a\neffective_from: 2026-01-01\nscorecard: {period: month, measures: [{kpi: bookings, weight: 1}], "
    grades = "grades: [{grade: A, from: 1}, {grade: B, from: 0}], gates: [%s]}\n"
    gates = [f"{{kpi: nps, at_least: {least}, else: {{grade_at_most: B}}}}" for least in ("0.1", "0.2")]
    found = differences(plan_of(card + grades % ", ".join(gates)), plan_of(card + grades % gates[0]))
    rest = "kpi nps, at_least 0.2, else (grade_at_most B)"
    assert [change.told("zh-CN") for change in found] == [f"删除       scorecard，nps 的门槛（2）：{rest}"]
    assert [change.told() for change in found] == [f"removed  scorecard, gate on nps (2): {rest}"]


def test_plans_are_paired_by_version_then_by_id_and_the_rest_is_added_or_removed() -> None:
    text = "plan: %s\neffective_from: %s\n"
    before = [plan_of(text % (name, "2026-01-01"), "old.yml") for name in "abcd"]
    pairs = [("a", "2026-01-01"), ("b", "2027-01-01"), ("c", "2026-01-01"), ("c", "2027-01-01")]
    after = [plan_of(text % pair, "new.yml") for pair in pairs]
    assert compared(before, after) == [
        "b@2026-01-01 (old.yml) → b@2027-01-01 (new.yml)",
        "  changed  effective_from: 2026-01-01 → 2027-01-01",
        "removed plan d@2026-01-01 (old.yml)",
        "added plan c@2027-01-01 (new.yml)",
    ]


def test_the_command_compares_files_versions_and_folders(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "company.yml").write_text("name: Acme\ncurrency: CNY\nfirst_period: 2026-01\n", encoding="utf-8")
    path = tmp_path / "plans" / "a.yml"
    path.write_text(
        "plan: a\neffective_from: 2026-01-01\ncurrency: CNY\n---\nplan: a\neffective_from: 2027-01-01\ncurrency: CNY\n"
        "name: Next\n",
        encoding="utf-8",
    )

    def run(*names: str) -> list[str]:
        result = CliRunner().invoke(cli, ["--company", str(tmp_path), "plan", "diff", *names], catch_exceptions=False)
        assert result.exit_code == 0
        return [line.replace(str(path), "a.yml") for line in result.output.splitlines()]

    assert run("a@2026-01-01", "a@2027-01-01") == [
        "a@2026-01-01 (a.yml) → a@2027-01-01 (a.yml)",
        "  added    name: Next",
        "  changed  effective_from: 2026-01-01 → 2027-01-01",
    ]
    assert run(str(tmp_path), str(path)) == ["no difference"]
    assert run("--lang", "zh-CN", str(tmp_path), str(path)) == ["没有差异"]
    with pytest.raises(
        InputError, match=r"x: is neither a file, nor a folder, nor a plan of .*; its plans are a@2026-01-01, a@"
    ):
        run("x", "a")


def test_a_plan_in_excel_does_not_differ_from_the_same_in_yaml(tmp_path: Path) -> None:
    book = tmp_path / "plans.xlsx"
    write_workbook(book, [plan_of(TEXT)])
    result = CliRunner().invoke(cli, ["plan", "diff", str(EVERYTHING), str(book)])
    assert result.output == "no difference\n"
