"""The tiny company with a plan in which settlement matters (a holdback, a draw), and drafts for its next plan."""

from __future__ import annotations

from tests.integration import tiny_company
from tests.integration.tiny_company import Outcome, Place, attain

COMMISSION = """\
  - id: commission
    type: commission
    measure: bookings
    accumulate: month
    rates: {on: attainment, quota: bookings, mode: marginal, tiers: [{from: 0, rate: 0.05}, {from: 1, rate: 0.08}]}
    pay: {when: booked, holdback: {share: 0.2, release_after_days: 30}}
"""
DRAW = "  - {id: advance, type: draw, amount: 150, period: month, recoverable: true}\n"
SPIFF = """\
  - id: commission
    name: {en: Per deal, zh: 每单奖励}
    type: spiff
    amount: 100
    per: deal
    gate: {kpi: quota_attainment, at_least: 1, over: year_to_date}
"""
HEAD = (
    tiny_company.SELLERS.partition("components:\n")[0].replace(
        "currency: USD\n", "currency: USD\nproration: {by: none}\n"
    )
    + "components:\n"
)
SELLERS = HEAD + COMMISSION + DRAW
LATER = SELLERS.replace("effective_from: 2025-01-01", "effective_from: 2027-01-01")
DEARER = LATER.replace("rate: 0.05", "rate: 0.06")
RENAMED = SELLERS.replace("plan: sellers\n", "plan: sellers\nname: {en: Sellers of tomorrow}\n")
PER_DEAL = HEAD + SPIFF
MANAGERS = """\
plan: managers
effective_from: 2025-01-01
currency: USD
assign: [{role: manager}]
components:
  - id: presence
    type: bonus
    target_pay: 100
    period: month
    payout: {on: kpi, kpi: contract_count, curve: {cap: 1}}
    scope: team
"""
# Ann earns 2,000 a month; Bo 1,550 a month from the 16th of January: 16 of 31 days are 800.
PARTICIPANTS = """\
participant_id,name,role,team_id,manager_id,hired_on,base_salary,salary_period
ann,Ann <b>,seller,north,cy,2024-01-01,24000,year
bo,Bo,seller,north,cy,2025-01-16,1550,month
cy,Cy,manager,north,,2024-01-01,,
"""


def write(place: Place) -> None:
    """The company with its files delivered, nothing run yet."""
    tiny_company.write(place.company)
    place.drop("participants.csv", PARTICIPANTS)
    (place.company / "plans" / "sellers.yml").write_text(SELLERS, encoding="utf-8")


def simulate(place: Place, draft: str, periods: str = "2025-01..2025-02", *words: str) -> Outcome:
    """`attain plan simulate` of a draft file beside the company."""
    return attain(
        "--company", place.company, "--home", place.home, "plan", "simulate", place.root / draft, "--periods", periods,
        *words,
    )  # fmt: skip
