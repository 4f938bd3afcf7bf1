"""`attain plan check`: errors, what is not computed yet, and warnings, each with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from attain import yamlfile
from attain.company import Company, settings_from
from attain.plans import check, plan_from_document, unsupported, warnings_of
from attain.plans.book import Plan

HEAD = "plan: ae\neffective_from: 2026-01-01\nassign: [{role: ae}]\n"
SCORECARD = (
    "scorecard:\n  period: month\n  missing: zero\n"
    "  measures: [{kpi: bookings, weight: 1, target: 1}]\n"
    "  grades: [{grade: A, from: 1}, {grade: B, from: 0}]\n"
)
RATES = "rates: {on: amount, mode: whole, tiers: [{from: 0, rate: 0.1}]}"
COMMISSION = f"type: commission, measure: bookings, accumulate: month, {RATES}"


def plan_of(text: str) -> Plan:
    return plan_from_document(yamlfile.parse_all(text, "p.yml")[0])


def with_component(text: str, card: str = "") -> Plan:
    return plan_of(HEAD + f"components:\n  - {{id: x, {text}}}\n" + card)


def fields(sentences: list[str]) -> list[str]:
    """`field: sentence`, without file and line."""
    return [sentence.split(": ", 1)[1] for sentence in sentences]


@pytest.mark.parametrize("measure", ["units", "deals", "activities"])
def test_money_per_piece_may_be_above_one(measure: str) -> None:
    assert warnings_of(with_component(COMMISSION.replace("bookings", measure).replace("rate: 0.1", "rate: 800"))) == []


def test_a_rate_of_one_is_no_percentage() -> None:
    assert warnings_of(with_component(COMMISSION.replace("rate: 0.1", "rate: 1"))) == []


@pytest.mark.parametrize(
    "text",
    [
        COMMISSION,
        COMMISSION.replace("month", "transaction") + ", minimum: 5, cap: {of: target_pay}, credit: {split: false}",
        COMMISSION.replace("bookings", "margin") + ", where: {product_line: [GTX]}",
        "type: bonus, target_pay: 5, period: quarter, scope: team, payout: {on: attainment, kpi: margin}",
    ],
)
def test_what_the_engine_computes_is_not_refused(text: str) -> None:
    assert unsupported(with_component(text)) == []


def test_a_whole_scorecard_is_computed() -> None:
    text = Path(__file__).with_name("plan_with_everything.yml").read_text(encoding="utf-8")
    plan = plan_of(text[: text.index("components:")].replace("{rate: plan, plan_rates: {USD: 7.0, EUR: 7.8}}", "{}"))
    assert [sentence for sentence in unsupported(plan) if " of: another KPI" not in sentence] == []


NOT_YET = {
    "a measure": (COMMISSION.replace("bookings", "leads"), "components[1].measure: the KPI leads"),
    "a payout": (
        "type: bonus, target_pay: 5, period: month, payout: {on: kpi, kpi: ces}",
        "components[1].payout.kpi: the KPI ces",
    ),
}


@pytest.mark.parametrize("name", NOT_YET)
def test_what_is_not_computed_yet_stops_a_run_with_its_place(name: str) -> None:
    text, place = NOT_YET[name]
    told = unsupported(with_component(text))
    assert f"p.yml:5: {place} is not supported yet, so plan ae cannot be scored or paid." in told


BONUS = "type: bonus, target_pay: 5, "
WARNINGS = {
    "a target elsewhere": (
        BONUS + "period: month, payout: {on: attainment, kpi: margin}",
        "",
        "components[1].payout: has no target here; it will be looked up in the targets of the "
        "participant for KPI margin.",
    ),
    "a target of the team": (
        BONUS + "period: month, scope: team, payout: {on: attainment, kpi: margin}",
        "",
        "components[1].payout: has no target here; it will be looked up in the targets of the "
        "participant's team "
        "for KPI margin.",
    ),
    "a score held back": (
        BONUS + "payout: {on: score}",
        SCORECARD.replace("zero", "hold"),
        "components[1].payout: pays 0 while the score is held back (missing: hold); "
        "an adjustment follows when the data come.",
    ),
    "more is worse": (
        BONUS + "period: month, payout: {on: attainment, kpi: sales_cycle}",
        "",
        "components[1].payout: sales_cycle is better when lower, but attainment is value ÷ target: more pays more.",
    ),
    "a minimum below zero": (
        f"{COMMISSION}, minimum: {{amount: 5, on_negative: true}}",
        "",
        "components[1].minimum.on_negative: pays the minimum also for a window below 0.",
    ),
    "a rate in percent": (
        COMMISSION.replace("rate: 0.1", "rate: 8"),
        "",
        "components[1].rates.tiers[1].rate: 8 pays 8 for every 1 of bookings; rates are fractions, never percent: "
        "8 % is 0.08.",
    ),
    "a rate at most in percent": (
        COMMISSION.replace("bookings", "margin") + ", gate: {kpi: csat, at_least: 0.8, else: {rate_at_most: 2.50}}",
        "",
        "components[1].gate.else.rate_at_most: 2.50 pays 2.5 for every 1 of margin; rates are fractions, never "
        "percent: 2.5 % is 0.025.",
    ),
    "a guarantee": (
        f"{COMMISSION}, minimum: {{amount: 5, always: true}}",
        "",
        "components[1].minimum.always: pays the minimum also without any result in the window.",
    ),
    "a cap below the minimum": (
        f"{COMMISSION}, minimum: 5, cap: 4",
        "",
        "components[1].cap: 4 lies below the minimum 5; the cap wins.",
    ),
    "a gate that takes back": (
        COMMISSION.replace("month", "year") + ", gate: {kpi: csat, at_least: 0.8}",
        "",
        "components[1].gate: acts on the year so far: when it closes, it takes back what was earned before.",
    ),
    "a quota of everything for a part": (
        COMMISSION.replace("on: amount", "on: attainment, quota: bookings") + ", where: {region: [east]}",
        "",
        "components[1].where: restricts the measure but not the quota it is compared with.",
    ),
    "a refund on cash": (
        f"{COMMISSION}, pay: {{when: collected}}, clawback: {{on: [refund]}}",
        "",
        "components[1].clawback.on: refund is ignored, because pay.when: collected already follows the money.",
    ),
    "a credit note on invoices": (
        f"{COMMISSION}, pay: {{when: invoiced}}, clawback: {{on: [credit_note, cancel]}}",
        "",
        "components[1].clawback.on: credit_note is ignored, because pay.when: invoiced already follows the money.",
    ),
    "a credit note on billings": (
        COMMISSION.replace("bookings", "billings") + ", clawback: {on: [credit_note, cancel]}",
        "",
        "components[1].clawback.on: credit_note is ignored, because measure: billings already follows the money.",
    ),
    "a refund on collections": (
        COMMISSION.replace("bookings", "collections") + ", clawback: {on: [refund, credit_note]}",
        "",
        "components[1].clawback.on: refund is ignored, because measure: collections already follows the money.",
    ),
    "a refund that pays out a credit note": (
        f"{COMMISSION}, clawback: {{on: [refund, credit_note]}}",
        "",
        "components[1].clawback.on: refund and credit_note are each taken back: where a refund pays out a credit note, "
        "name one of them.",
    ),
    "a product line of invoiced money": (
        COMMISSION.replace("bookings", "billings") + ", where: {product_line: [GTX]}",
        "",
        "components[1].where: leaves out of billings the money of deals with several product lines: no invoice says "
        "which it is of.",
    ),
    "a grade without factor": (
        f"{COMMISSION}, multiplier: {{by: grade, factors: {{A: 2}}}}",
        SCORECARD,
        "components[1].multiplier.factors: names no factor for B, which therefore count 1.",
    ),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_what_may_surprise_somebody_is_said(name: str) -> None:
    text, card, sentence = WARNINGS[name]
    assert sentence in fields(warnings_of(with_component(text, card)))


def test_a_plain_commission_and_a_plain_scorecard_need_no_warning() -> None:
    assert warnings_of(with_component(COMMISSION, SCORECARD)) == []


def test_a_plan_for_nobody_that_does_nothing_from_mid_month_is_warned_of() -> None:
    assert fields(warnings_of(plan_of("plan: a\neffective_from: 2026-01-15\n"))) == [
        "plan: is assigned to nobody (assign: is missing).",
        "plan: has neither a scorecard nor components, so it neither scores nor pays.",
        "effective_from: 2026-01-15 is not the first day of a month; the plan takes effect with the "
        "next month, "
        "because the version in force is decided on a period's first day.",
    ]


def company(folder: Path, **files: str) -> Company:
    (folder / "plans").mkdir()
    for name, text in files.items():
        (folder / "plans" / f"{name}.yml").write_text(text, encoding="utf-8")
    return Company(folder, settings_from({"name": "Acme", "currency": "CNY", "first_period": "2026-01"}))


def test_a_check_reports_on_every_file_and_never_raises(tmp_path: Path) -> None:
    bad = HEAD.replace("plan: ae", "plan: bad").replace("2026-01-01", "never")
    good = HEAD + "components:\n  - {id: d, type: bonus, target_pay: 5, period: month, payout: {on: kpi, kpi: ces}}\n"
    report = check(company(tmp_path, bad=bad, good=good))
    assert report.plans == ("ae@2026-01-01",)
    assert [sentence.removeprefix(f"{tmp_path}/plans/") for sentence in (*report.errors, *report.unsupported)] == [
        "bad.yml:2: effective_from: 'never' is not a date; write it like 2026-01-31.",
        "good.yml:5: components[1].payout.kpi: the KPI ces is not supported yet, so plan ae cannot be scored or paid.",
    ]
    assert not report.ok


def test_a_company_without_plans_is_warned(tmp_path: Path) -> None:
    report = check(company(tmp_path))
    assert report.ok
    assert report.warnings == (f"{tmp_path}/plans: holds no plan; KPIs are measured, nobody is scored or paid.",)
