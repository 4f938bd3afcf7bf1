"""The worked examples of this folder, and the published acceptance cases where they lie beside the project."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from attain.environment import PROJECT
from attain.plans.examples import Example, read_examples
from attain.plans.trial import Verdict, run_examples

HERE = Path(__file__).parent
ACCEPTANCE = PROJECT.parent / "shared" / "acceptance"

# How many examples each file of this folder holds.
OWN = {
    "bonuses": 4,
    "clawbacks": 13,
    "corrections": 6,
    "credits": 3,
    "curves_and_grades": 3,
    "deductions": 5,
    "draws": 6,
    "limits": 6,
    "pay_timing": 13,
    "plan_changes": 3,
    "proration": 3,
    "statements": 2,
    "tiers_on_their_boundaries": 4,
    "windows_over_months": 5,
}
PASSED = """
amount_corrected_down_after_close cash_collected_then_refunded clawback_at_original_rate
decelerating_rate_with_minimum deduction_by_grade_stops_at_zero foreign_currency_at_transaction_date
grades_calibrated_within_team holdback_released_after_90_days late_deal_after_close_marginal
late_deal_after_close_whole_crosses_tier marginal_accelerator_above_quota marginal_tiers_on_amount
missing_kpi_counts_zero missing_kpi_holds_score missing_kpi_weight_redistributed paid_as_cash_comes_in
payout_curve_interpolated quota_prorated_for_joiner recoverable_draw_six_months retroactive_base_with_accelerator
scorecard_with_reverse_kpi split_below_100_percent_is_quarantined split_deal_rounds_once tiers_same_table_marginal
tiers_same_table_whole top_rate_on_overage_base_050 top_rate_on_overage_base_060 year_to_date_true_up_paid_monthly
""".split()
NOT_SUPPORTED_YET = """
commission_cost_amortised contest_tie_shares_prizes grade_gate_on_collection_rate
manager_rollup_manager_changes_mid_month overlay_credit_on_top override_subtracts_lower_levels
pool_shared_by_score_to_the_cent quarterly_bonus_with_revenue_gate spiff_first_two_deals_only
year_quota_spread_with_year_to_date_gate
""".split()


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
    passed: dict[str, int] = defaultdict(int)
    for verdict in verdicts:
        if verdict.path.parent == HERE:
            passed[verdict.path.stem] += verdict.outcome == "passed"
    assert dict(passed) == OWN


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
    assert len(names) == len(set(names)) == sum(OWN.values())


@pytest.mark.skipif(not ACCEPTANCE.is_dir(), reason="the acceptance cases are not beside the project")
@pytest.mark.parametrize(("outcome", "expected"), [("passed", PASSED), ("not supported yet", NOT_SUPPORTED_YET)])
def test_the_acceptance_cases_come_out_as_listed(verdicts: list[Verdict], outcome: str, expected: list[str]) -> None:
    found = [
        verdict.path.stem for verdict in verdicts if verdict.path.parent == ACCEPTANCE and verdict.outcome == outcome
    ]
    assert found == expected, _told(verdicts, outcome)
