"""What a component says about settling, as rows of tables of its own: pay timing, clawback, draw, deduction."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from attain.plans.flatten_types import kpi_row
from attain.plans.grammar import Terms
from attain.plans.grammar_components import Commission, Deduction, Draw, MoneyPart, Override, Part, Spiff
from attain.plans.grammar_modifiers import Clawback, Pay
from attain.plans.needs import Needs
from attain.plans.tables import Row

Rows = dict[str, list[Row]]

_TEN_PLACES = Decimal("1e-10")
# The event that pay timing follows already; taking it back as well would count it twice.
_FOLLOWED_BY_PAY = {"collected": ("refund", "credit_note"), "invoiced": ("credit_note",)}
_FOLLOWED_BY_MEASURE = {"collections": "refund", "billings": "credit_note"}


def pay_rows(part: Part, terms: Terms, needs: Needs) -> Rows:
    """Rows of the tables about settling, without plan and component; KPIs of conditions are noted in `needs`."""
    if isinstance(part, Draw):
        return {"draws": [_draw(part)], "component_of": _of(part, terms)}
    if isinstance(part, Deduction):
        return _deduction(part, terms, needs)
    rows: Rows = {}
    if isinstance(part, MoneyPart) and not _is_at_once(part.pay):
        rows["pay_terms"] = [{"pay_when": part.pay.when, "leavers": part.pay.leavers}]
        rows["pay_instalments"] = _instalments(part.pay)
    if isinstance(part, Commission | Spiff | Override) and part.clawback:
        # A spiff and an override have no window to compute it in: what they were paid at is their rate.
        charge = part.clawback.charge if isinstance(part, Commission) else "original_rate"
        rows["clawbacks"] = _clawback(part.clawback, followed_events(part), charge)
    return rows


def _is_at_once(pay: Pay) -> bool:
    """Payable when it is earned, whatever happens; who forfeits on leaving may not be there any more on that day."""
    return pay.when == "booked" and not pay.instalments and not pay.holdback and pay.leavers == "keep"


def _instalments(pay: Pay) -> list[Row]:
    """Shares by the days they wait, adding up to 1 exactly.

    A share held back of an instalment waits for whichever comes later: the instalment or the release.
    """
    parts = [(part.after_days, part.share) for part in pay.instalments or ()] or [(0, Decimal(1))]
    waiting: dict[int, Decimal] = {}
    for days, share in parts:
        held = (share * pay.holdback.share).quantize(_TEN_PLACES, ROUND_HALF_UP) if pay.holdback else Decimal(0)
        release = max(days, pay.holdback.release_after_days) if pay.holdback else days
        waiting[days] = waiting.get(days, Decimal(0)) + share - held
        waiting[release] = waiting.get(release, Decimal(0)) + held
    return [{"after_days": days, "share": share} for days, share in sorted(waiting.items()) if share]


def followed_events(part: Commission | Spiff | Override) -> dict[str, str]:
    """Events that change the component's pay already, by what follows them: a clawback would take the money twice."""
    followed = {}
    if isinstance(part, Commission) and part.measure in _FOLLOWED_BY_MEASURE:
        followed[_FOLLOWED_BY_MEASURE[part.measure]] = f"measure: {part.measure}"
    for event in _FOLLOWED_BY_PAY.get(part.pay.when, ()):
        followed[event] = f"pay.when: {part.pay.when}"
    return followed


def _clawback(clawback: Clawback, followed: dict[str, str], charge: str) -> list[Row]:
    events = [event for event in clawback.on if event not in followed]
    if not events:
        return []
    # Without a share of its own it is the unexpired part of the contract.
    terms: Row = {"charge": charge, "within_days": clawback.within_days, "share": clawback.share.fixed}
    return [terms | {f"on_{event}": event in events for event in ("refund", "cancel", "credit_note")}]


def _draw(part: Draw) -> Row:
    return {
        "amount": part.amount,
        "is_recoverable": part.recoverable,
        "is_forgiven_at_year_end": part.forgive == "year_end",
        "is_charged_on_leave": part.on_leave == "charge",
    }


def _deduction(part: Deduction, terms: Terms, needs: Needs) -> Rows:
    when = part.when
    row: Row = {
        "amount": part.amount,
        "share": part.share,
        "floor": part.floor,
    }
    if when.kpi is None:
        grades = [{"grade": grade} for grade in dict.fromkeys(when.grade or ())]
        return {"deductions": [row], "component_of": _of(part, terms), "deduction_grades": grades}
    row["comparison"] = "at_most" if when.at_least is None else "at_least"
    row["threshold"] = when.at_most if when.at_least is None else when.at_least
    return {
        "deductions": [row],
        "component_of": _of(part, terms),
        "component_kpis": [kpi_row("when", part, when, needs)],
    }


def deduction_period(part: Deduction, terms: Terms) -> str:
    """The period it is due for: as written, else the scorecard's for a grade, else the month."""
    return part.period or (terms.scorecard.period if part.when.grade and terms.scorecard else "month")


def _of(part: Draw | Deduction, terms: Terms) -> list[Row]:
    """The components a draw or deduction is of; none where it is of all others of its plan, whatever their version."""
    split = [name.rpartition("/") for name in part.of or ()]
    named = [(plan or terms.plan, component) for plan, _, component in split]
    return [{"of_plan": plan, "of_component": component} for plan, component in dict.fromkeys(named)]
