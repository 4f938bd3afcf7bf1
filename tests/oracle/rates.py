"""Tiers and the slices a window's credits fall into (plan-spec, "Tiers are half-open" and the three modes)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.oracle.credits import Credit
from tests.oracle.quantities import ONE, ZERO, money, ratio

MONEY_MEASURES = ("bookings", "margin")


@dataclass(frozen=True)
class Slice:
    """The part of a credit that falls into one tier."""

    credit: Credit
    basis: Fraction
    rate: Fraction

    @property
    def amount(self) -> Fraction:
        return self.basis * self.rate


@dataclass(frozen=True)
class Band:
    """A stretch of the picking measure at one rate; without an end it is open."""

    start: Fraction
    end: Fraction | None
    rate: Fraction


def slices(
    rates: dict[str, Any], measure: str, credits: Sequence[Credit], quota: Fraction | None, personal: Any
) -> list[Slice]:
    """The slices of a window's credits (in their order), up to now. `personal(of)`: a personal rate."""
    tiers = [
        {**tier, "rate": personal(tier["rate"]["of"]) if isinstance(tier["rate"], dict) else tier["rate"]}
        for tier in rates["tiers"]
    ]
    total = sum((picked(rates["on"], measure, credit) for credit in credits), ZERO)
    bands = _bands(rates, tiers, quota)
    bands = {"whole": _whole, "marginal": _marginal, "top_rate_on_overage": _overage}[rates["mode"]](
        bands, total, quota, tiers
    )
    found: list[Slice] = []
    reached = ZERO
    for credit in credits:
        step = picked(rates["on"], measure, credit)
        found += _cut(bands, reached, step, credit, credit.measured(measure))
        reached += step
    return found


def picked(on: str, measure: str, credit: Credit) -> Fraction:
    """What moves the window through the tiers."""
    if on == "attainment" or (on == "amount" and measure in MONEY_MEASURES):
        return credit.measured(measure)
    return credit.measured({"amount": "bookings"}.get(on, on))


def _bands(rates: dict[str, Any], tiers: list[dict[str, Any]], quota: Fraction | None) -> list[Band]:
    if rates["on"] == "attainment":
        if not quota:
            return [Band(ZERO, None, tiers[0]["rate"])]
        scale = quota
    else:
        scale = ONE
    # A boundary is money: what lies below it is a basis, and that is money too.
    starts = [money(tier["from"] * scale) for tier in tiers]
    ends = [*starts[1:], None]
    return [Band(start, end, tier["rate"]) for start, end, tier in zip(starts, ends, tiers, strict=True)]


def _reached(bands: list[Band], total: Fraction) -> int:
    return max((n for n, band in enumerate(bands) if total >= band.start), default=0)


def _whole(bands: list[Band], total: Fraction, _quota: Any, _tiers: Any) -> list[Band]:
    return [Band(ZERO, None, bands[_reached(bands, total)].rate)]


def _marginal(bands: list[Band], total: Fraction, _quota: Any, tiers: list[dict[str, Any]]) -> list[Band]:
    reached = _reached(bands, total)
    reaching_back = max((n for n in range(reached + 1) if tiers[n]["retroactive"]), default=0)
    return [
        Band(band.start, band.end, bands[reaching_back].rate if n < reaching_back else band.rate)
        for n, band in enumerate(bands)
    ]


def _overage(bands: list[Band], total: Fraction, quota: Fraction | None, _tiers: Any) -> list[Band]:
    if not quota:
        return bands
    return [Band(ZERO, quota, bands[0].rate), Band(quota, None, bands[_reached(bands, total)].rate)]


def _cut(bands: list[Band], start: Fraction, step: Fraction, credit: Credit, basis: Fraction) -> list[Slice]:
    """A credit that moves the window from `start` by `step`, cut at the boundaries it crosses."""
    if step == 0:
        return [Slice(credit, basis, bands[_reached(bands, start)].rate)] if basis else []
    low, high = min(start, start + step), max(start, start + step)
    found = []
    for n, band in enumerate(bands):
        bottom = low if n == 0 else max(low, band.start)
        top = high if band.end is None else min(high, band.end)
        if top > bottom:
            found.append(Slice(credit, basis * (top - bottom) / abs(step), band.rate))
    return found


def personal_rate(salary: Fraction, quota: Fraction | None) -> Fraction:
    return ratio(salary / quota) if quota else ZERO
