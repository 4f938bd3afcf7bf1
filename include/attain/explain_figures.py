"""The figures of `attain explain`: the equation of a payout, and earning lines set against what they are to come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from attain.amounts import formula, is_product, money
from attain.company import minor_units
from attain.explain_words import Telling

Row = Mapping[str, Any]

# payable is all of them together; those that take away count against it.
_SIGNS = {"earned": 1, "adjustment": 1, "held": -1, "released": 1, "clawed_back": -1, "drawn": 1, "recovered": -1}
_TAKEN = "clawback "


def equation(payout: Row, say: Telling) -> str:
    """`payable 50.00 EUR = earned 100.00 − held 50.00`: every part that is not 0, and always what was earned."""
    code = payout["currency"]
    shown = (
        f"{say('payable')} {money(payout['payable'], code)} {code} = {say('earned')} {money(payout['earned'], code)}"
    )
    for part, sign in _SIGNS.items():
        amount = payout[part]
        if amount and part != "earned":
            text = money(amount, code)
            shown += f" {'+' if sign > 0 else '−'} {say(part)} {text if amount > 0 else f'({text})'}"
    return shown


def parts(payout: Row) -> list[tuple[str, int]]:
    """The parts beside `earned` that are not 0, each with 1 or, when it takes away, -1."""
    return [(part, sign) for part, sign in _SIGNS.items() if part != "earned" and payout[part]]


@dataclass(frozen=True)
class Sides:
    """Earning lines of a payout by the figure they belong to; `taken` by deal. A deal given back is earned."""

    earned: list[Row]
    taken: dict[str, list[Row]]


def sides(lines: Iterable[Row]) -> Sides:
    """The lines of an origin month: what was earned, and what events of that month take back."""
    earned, by_deal = [], defaultdict(list)
    for line in lines:
        deal = _taken_of(line)
        if deal is None:
            earned.append(line)
        else:
            by_deal[deal].append(line)
    for deal in [deal for deal, found in by_deal.items() if total(found) >= 0]:
        earned += by_deal.pop(deal)
    return Sides(earned, dict(by_deal))


def total(rows: Iterable[Row]) -> Decimal:
    """What the amounts of some rows add up to."""
    return sum((row["amount"] for row in rows), Decimal(0))


def other_basis(lines: Iterable[Row], others: Iterable[Row]) -> set[tuple[str, str]]:
    """The transactions (id, line) of some lines that rest on another basis among other lines, or are not there."""
    sums: list[dict[tuple[str, str], Decimal]] = [defaultdict(Decimal), defaultdict(Decimal)]
    for found, rows in zip(sums, (lines, others), strict=True):
        for row in rows:
            found[row["transaction_id"], row["line"]] += row["basis_amount"] or 0
    return {key for key, basis in sums[0].items() if sums[1].get(key) != basis}


def worked_out(line: Row, code: str, say: Telling) -> str:
    """How basis and rate come to the amount; where they do not, what became of their product."""
    basis, rate, amount = line["basis_amount"], line["rate"], line["amount"]
    text = money(amount, code)
    if basis is None or rate is None:
        return text
    shown = formula(basis, rate, amount, code)
    if is_product(basis, rate, amount):
        return f"{shown} = {text}"
    if not amount:
        return f"{text}, {say('otherwise')} {shown}"
    is_rounded = abs(abs(basis * rate) - abs(amount)) < Decimal(1).scaleb(-minor_units(code))
    return f"{shown}, {say('rounded' if is_rounded else 'limited')} {text}"


def moved_by_rounding(gap: Decimal, taken_gap: Decimal, currency: str, deals: int) -> bool:
    """Whether what two sides lack is only that a deal taken back at the current rate is rounded for itself."""
    return gap + taken_gap == 0 and abs(gap) < Decimal(1).scaleb(-minor_units(currency)) * deals


def _taken_of(line: Row) -> str | None:
    if line["transaction_type"] == "clawback":
        return str(line["transaction_id"])
    if line["transaction_type"] == "rounding" and line["line"].startswith(_TAKEN):
        return str(line["line"].removeprefix(_TAKEN))
    return None
