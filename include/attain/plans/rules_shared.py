"""Rules about blocks that occur in several places: KPIs named, restrictions, curves, either-or keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Protocol

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from attain.plans.catalogue import Catalogue, Kpi, listed
from attain.plans.grammar_base import Cap, Curve, TargetPay
from attain.yamlfile import Document, sentences

At = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """Something that contradicts a rule: where in the plan, and a sentence (without its final stop)."""

    at: At
    message: str


Faults = Iterator[Fault]


def told(faults: list[Fault], document: Document, at: At = ()) -> list[str]:
    """The faults as `file:line: field: sentence`."""
    details = [
        InitErrorDetails(
            type=PydanticCustomError("rule", "{message}", {"message": fault.message}),
            loc=fault.at,
            input=None,
        )
        for fault in faults
    ]
    return list(sentences(ValidationError.from_exception_data("plan", details), document, at)) if details else []


class NamesKpi(Protocol):
    """A block that names a KPI, perhaps with a variant, perhaps with the KPI it is `of`."""

    @property
    def kpi(self) -> str | None: ...
    @property
    def variant(self) -> str | None: ...
    @property
    def of(self) -> str | None: ...


def kpi_faults(ref: NamesKpi, at: At, catalogue: Catalogue) -> Faults:
    """The KPI, its variant and its `of` exist in the catalogue."""
    if ref.kpi is None:
        for key in ("variant", "of"):
            if getattr(ref, key) is not None:
                yield Fault((*at, key), "needs kpi: to say which KPI is meant")
        return
    kpi = catalogue.get(ref.kpi)
    if kpi is None:
        yield Fault((*at, "kpi"), catalogue.unknown(ref.kpi))
        return
    if ref.variant is not None and ref.variant not in kpi.variants:
        known = f"must be {listed(kpi.variants)}" if kpi.variants else "must be left out, the KPI has no variants"
        yield Fault((*at, "variant"), f"{ref.variant!r} is not a variant of {kpi.id}; it {known}")
    if ref.of is not None:
        yield from _of_faults(ref.of, kpi.id, (*at, "of"), catalogue)


def _of_faults(of: str, kpi: str, at: At, catalogue: Catalogue) -> Faults:
    if kpi != "quota_attainment":
        yield Fault(at, f"is allowed with kpi: quota_attainment only, not with {kpi}")
    else:
        yield from quota_faults(of, at, catalogue)


def quota_faults(quota: str, at: At, catalogue: Catalogue) -> Faults:
    """The KPI can be compared with a target as a quota: it is money or a count."""
    kpi = catalogue.get(quota)
    if kpi is None:
        yield Fault(at, catalogue.unknown(quota))
    elif not (kpi.is_money_or_count and kpi.is_additive):
        yield Fault(at, f"{quota} cannot be a quota; a quota is a KPI that adds up (money or a count), like bookings")


def where_faults(where: dict[str, tuple[str, ...]] | None, kpi: Kpi, at: At, what: str = "") -> Faults:
    """Every restricted field exists for the KPI (called `what`, by default its id), and so does every value of a field
    whose values are known; no value stands twice.
    """
    for field, values in (where or {}).items():
        if field not in kpi.where_fields:
            yield Fault(
                (*at, field),
                f"{what or kpi.id} cannot be restricted by {field!r}; it can by {listed(kpi.where_fields)}",
            )
        if len(set(values)) != len(values):
            yield Fault((*at, field), "a value is listed twice")
        words = kpi.where_words.get(field)
        for value in dict.fromkeys(values):
            if words and value not in words:
                yield Fault((*at, field), f"{value!r} is not a {field}; it must be {listed(words)}")


def curve_faults(curve: Curve | None, at: At) -> Faults:
    """Points ascend (two of one x are a jump), words that need points have them."""
    if curve is None:
        return
    points = curve.points or ()
    if not points:
        yield from _pointless_faults(curve, at)
    for position, ((x, _), (following, _)) in enumerate(pairwise(points)):
        if following < x:
            yield Fault(
                (*at, "points", position + 1),
                f"points must ascend in x, but {following} comes after {x}; two points of the same x make a jump",
            )
    for position, window in enumerate(zip(points, points[1:], points[2:], strict=False)):
        if len({x for x, _ in window}) == 1:
            yield Fault((*at, "points", position + 2), f"a third point with x = {window[0][0]} is never reached")
    if curve.beyond == "extend":
        yield from _extend_faults(curve, at)


def _pointless_faults(curve: Curve, at: At) -> Faults:
    words = {"interpolate": curve.interpolate == "step", "below": curve.below == "hold"}
    words["beyond"] = "beyond" in curve.model_fields_set
    for key, is_written in words.items():
        if is_written:
            yield Fault((*at, key), "needs points; without points the curve is points = x")


def _extend_faults(curve: Curve, at: At) -> Faults:
    points = curve.points or ()
    if curve.interpolate == "step":
        yield Fault((*at, "beyond"), "'extend' needs interpolate: linear; steps have no slope to go on with, use hold")
    elif points and (len(points) < 2 or points[-1][0] == points[-2][0]):
        yield Fault((*at, "beyond"), "'extend' needs two last points of different x to take the slope from")


def _key(block: BaseModel, name: str) -> str:
    return type(block).model_fields[name].alias or name


def written(block: BaseModel, *names: str) -> list[str]:
    """Which of the keys have a value in the block."""
    return [name for name in names if getattr(block, name) not in (None, ())]


def exactly_one(block: BaseModel, at: At, *names: str) -> Faults:
    """Exactly one of the keys is given."""
    found = written(block, *names)
    keys = [_key(block, name) for name in names]
    if not found:
        yield Fault(at, f"needs exactly one of {listed(keys)}; none is given")
    elif len(found) > 1:
        given = " and ".join(_key(block, name) for name in found)
        yield Fault((*at, found[1]), f"needs exactly one of {listed(keys)}; {given} are given")


def only_with(block: BaseModel, at: At, key: str, condition: bool, reason: str) -> Faults:
    """A key that has a value although it means nothing here."""
    if not condition and getattr(block, key) is not None:
        yield Fault((*at, _key(block, key)), f"is allowed {reason}")


def target_pay_faults(pay: TargetPay | None, at: At) -> Faults:
    """Either an amount, or a share of a salary component."""
    if pay is None:
        return
    yield from exactly_one(pay, at, "amount", "of")
    if pay.of is not None and pay.share is None:
        yield Fault(at, f"of: {pay.of} needs share: the part of it that is the target pay, like 0.3")
    yield from only_with(pay, at, "share", pay.of is not None, "together with of: base_salary or variable_pay only")


def cap_faults(cap: Cap | None, at: At) -> Faults:
    """Either an amount, or a multiple of the target pay."""
    if cap is None:
        return
    yield from exactly_one(cap, at, "amount", "of")
    yield from only_with(cap, at, "share", cap.of is not None, "together with of: target_pay only")


def sum_faults(parts: list[Decimal], at: At, what: str) -> Faults:
    """Fractions that must make up exactly the whole."""
    total = sum(parts, Decimal(0))
    if total != 1:
        terms = " + ".join(str(part) for part in parts)
        yield Fault(at, f"{what} sum to {total} ({terms}); they must sum to exactly 1")
