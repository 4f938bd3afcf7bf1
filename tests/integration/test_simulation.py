"""`attain plan simulate`: a draft beside the plans in force, computed by hand; nothing else is touched."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from tests.integration import simulated_company as company
from tests.integration.simulated_company import simulate
from tests.integration.tiny_company import Outcome, Place, attain, listing

from attain.writer_lock import WriterLock

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """January and February run and closed for real."""
    place = Place(tmp_path_factory.mktemp("simulated"))
    company.write(place)
    for period in ("2025-01", "2025-02"):
        ran = place.run(period)
        assert ran.exit_code == 0, ran.err
        booked = attain("--company", place.company, "--home", place.home, "close", period, "--approved-by", "Zhou")
        assert booked.exit_code == 0, booked.err
    return place


def told(place: Place, draft: str, text: str, *words: str) -> tuple[Outcome, Path]:
    """The outcome of simulating a draft of this content, and the folder it was written to."""
    (place.root / draft).write_text(text, encoding="utf-8")
    outcome = simulate(place, draft, "2025-01..2025-02", *words)
    assert outcome.exit_code == 0, outcome.err
    return outcome, Path(outcome.out.splitlines()[-1]).parent


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def dearer(place: Place) -> tuple[Outcome, Path, dict[str, object], dict[str, object]]:
    """The first tier at 6 instead of 5 %; what lay in the state and company folders before and after."""
    before = {"home": state(place), "company": listing(place.company)}
    outcome, folder = told(place, "dearer.yml", company.DEARER)
    return outcome, folder, before, {"home": state(place), "company": listing(place.company)}


def state(place: Place) -> dict[str, object]:
    """Everything in the state folder but simulations (and the folder itself, whose time of change they set)."""
    return {
        name: facts for name, facts in listing(place.home).items() if name != "." and not name.startswith("simulations")
    }


def test_a_draft_is_settled_month_by_month_like_the_plan_in_force(
    dearer: tuple[Outcome, Path, dict[str, object], dict[str, object]],
) -> None:
    # In force Ann earns 190 and 190.04, 20 % held for 30 days: 152, then 190.04 − 38.01 + 38 = 190.03.
    # Draft: 3000 × 6 % + 500 × 8 % = 220: 176, then 220.04 − 44.01 + 44. Bo stays at his draw of 150 both months.
    outcome, folder, _, _ = dearer
    assert [list(row.values())[4:] for row in rows(folder, "people.csv")] == [
        ["342.030000", "396.030000", "54.000000", "15.8", ""],
        ["300.000000", "300.000000", "0.000000", "0.0", ""],
    ]
    months = [
        (row["participant_id"], row["period"], row["component"], row["in_force_payable"], row["draft_payable"])
        for row in rows(folder, "payouts.csv")
        if row["participant_id"] == "bo"
    ]
    assert months == [
        ("bo", "2025-01", "advance", "114.000000", "106.800000"),
        ("bo", "2025-01", "commission", "36.000000", "43.200000"),
        ("bo", "2025-02", "advance", "41.780000", "23.980000"),
        ("bo", "2025-02", "commission", "108.220000", "126.020000"),
    ]
    for line in (
        "In force 642.03 USD · Draft 696.03 USD · Difference +54.00 USD (+8.4 %)",
        "1 paid more · 0 paid less · 1 the same",
        "sellers@2027-01-01 is taken as in force from 2025-01-01; its own dates lie outside these months.",
        "At the end 62.81 USD is earned but not paid yet in force, 72.81 USD under the draft: part of the difference",
        "At the end 155.78 USD of advances is not recovered in force, 130.78 USD under the draft.",
        "  changed  component commission, rates, tier from 0, rate: 0.05 → 0.06",
    ):
        assert line in outcome.out, line


def test_what_is_earned_waits_and_is_advanced_adds_up_to_what_is_payable(
    dearer: tuple[Outcome, Path, dict[str, object], dict[str, object]],
) -> None:
    lines = {" ".join(line.split()) for line in dearer[0].out.splitlines()}
    assert "Earned 549.06 638.06 +89.00 +16.2 %" in lines
    assert "Waiting at the end 62.81 72.81 +10.00 +15.9 %" in lines
    assert "Advanced and not recovered 155.78 130.78 -25.00 -16.0 %" in lines
    assert "Payable 642.03 696.03 +54.00 +8.4 %" in lines
    # Fixed: Ann 2 × 2,000, Bo 800 + 1,550; 642.03 of 6,992.03 are variable.
    assert "Fixed 6,350.00 6,350.00 0.00 0.0 % 90.8 % 90.1 %" in lines
    assert "Variable 642.03 696.03 +54.00 +8.4 % 9.2 % 9.9 %" in lines


def test_only_the_folder_of_simulations_grows(
    dearer: tuple[Outcome, Path, dict[str, object], dict[str, object]],
) -> None:
    _, folder, before, after = dearer
    assert after == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name], "no scratch is left"
    assert sorted(path.name for path in folder.iterdir()) == ["payouts.csv", "people.csv", "simulation.en.html"]


def test_the_plan_in_force_is_replayed_as_it_was_closed_and_differs_nowhere_from_itself(place: Place) -> None:
    with WriterLock(place.home).held("a run"):
        outcome, folder = told(place, "renamed.yml", company.RENAMED)
    assert "The draft reads differently but pays everybody the same in these months." in outcome.out
    with duckdb.connect(str(place.database), read_only=True) as con:
        closed = con.sql(
            "select participant_id, period, component, payable from marts.payouts where status = 'closed' order by all"
        ).fetchall()
    assert len(closed) == 8
    replayed = rows(folder, "payouts.csv")
    for side in ("in_force_payable", "draft_payable"):
        assert [
            (row["participant_id"], row["period"], row["component"], Decimal(row[side])) for row in replayed
        ] == closed
    assert {row["in_force_earned"] == row["draft_earned"] for row in replayed} == {True}
    assert "Scores and attainment that differ" not in outcome.out


def test_later_months_begin_from_an_empty_ledger_with_another_type_and_person_told_in_chinese(place: Place) -> None:
    drafts = place.root / "drafts"
    drafts.mkdir()
    (drafts / "managers.yml").write_text(company.MANAGERS, encoding="utf-8")
    (drafts / "sellers.yml").write_text(company.PER_DEAL, encoding="utf-8")
    outcome = simulate(place, "drafts", "2025-02..2025-03", "--lang", "zh-CN")
    assert outcome.exit_code == 0, outcome.err
    lines = {" ".join(line.split()) for line in outcome.out.splitlines()}
    # In force February begins from nothing: Ann 190.04 − 38.01, nothing of January is released; Bo his draw of 150.
    # March releases what February held, raised to two draws. Draft: 100 a deal to who reached the year's quota so far,
    # Ann with 7,000.50 of 6,000, not Bo with 3,200.25 of 4,000; and 100 to Cy as the team has deals.
    assert "现行方案 602.03 USD · 草案 300.00 USD · 差额 -302.03 USD (-50.2 %)" in lines
    assert "2025-02 302.03 300.00 -2.03 -0.7 %" in lines
    assert "Bo (bo) · 仅现行 North 300.00 0.00 -300.00 -100.0 %" in lines
    assert "Cy (cy) · 仅草案 North 0.00 100.00 +100.00 –" in lines
    assert "专项奖励 0.00 200.00 +200.00 – 0.0 % 66.7 %" in lines
    page = Path(outcome.out.splitlines()[-3]).read_text(encoding="utf-8")
    for text in ('<html lang="zh-CN">', "方案模拟", "每单奖励", "Ann &lt;b&gt; (ann)", "-302.03 USD", "仅草案"):
        assert text in page, text
    assert "://" not in page, "the page loads nothing"


@pytest.mark.parametrize(
    ("draft", "periods", "sentence"),
    [
        ("none.yml", "2025-01..2025-02", "none.yml: there is no such draft; name a plan file"),
        ("sellers.txt", "2025-01..2025-02", "is no plan file; a draft is a .yml file"),
        ("broken.yml", "2025-01..2025-02", "broken.yml:2: this is not valid YAML"),
        ("weight.yml", "2025-01..2025-02", "the weights sum to"),
        ("broken.xlsx", "2025-01..2025-02", "is not a readable .xlsx workbook"),
        ("empty", "2025-01..2025-02", "holds no plan; a folder of plans has .yml files or plans.xlsx"),
        ("rival.yml", "2025-01..2025-02", "role seller has two plans from 2025-01-01"),
        ("rival.yml", "2025-01..2025-02", "A draft replaces the plan that has the same id (plan:); others stay."),
        ("ces.yml", "2025-01..2025-02", "the KPI ces is not supported yet"),
        ("good.yml", "2025-02..2025-01", "periods 2025-02..2025-01: 2025-02 comes after 2025-01"),
        ("good.yml", "2025-01..2025-13", "'2025-13' is not a month"),
        ("good.yml", "2025-01..", "write the months to simulate like 2026-01..2026-06"),
        ("good.yml", "2024-12..2025-01", "period 2024-12 lies before 2025-01, the first period in company.yml"),
        ("good.yml", "2025-01..2999-01", "period 2999-01 lies in the future"),
    ],
)
def test_wrong_input_ends_in_a_sentence(place: Place, draft: str, periods: str, sentence: str) -> None:
    files = {
        "sellers.txt": company.SELLERS,
        "broken.yml": "plan: [\n",
        "weight.yml": company.SELLERS.replace("weight: 0.4", "weight: 0.5"),
        "broken.xlsx": "no workbook",
        "rival.yml": company.SELLERS.replace("plan: sellers", "plan: rivals"),
        "ces.yml": company.SELLERS.replace("kpi: contract_count", "kpi: ces"),
        "good.yml": company.DEARER,
    }
    (place.root / "empty").mkdir(exist_ok=True)
    if draft in files:
        (place.root / draft).write_text(files[draft], encoding="utf-8")
    refused = simulate(place, draft, periods)
    assert refused.exit_code == 2, refused.out + refused.err
    assert sentence in refused.err


def test_without_deliveries_there_is_nothing_to_simulate_with(tmp_path: Path) -> None:
    place = Place(tmp_path)
    company.write(place)
    (tmp_path / "good.yml").write_text(company.DEARER, encoding="utf-8")
    refused = simulate(place, "good.yml")
    assert refused.exit_code == 2
    assert "Nothing was landed, so there is nothing to simulate with" in refused.err
