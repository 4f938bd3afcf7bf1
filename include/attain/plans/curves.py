"""Curves as straight pieces: y = y_anchor + (x − x_anchor) × dy ÷ dx on [x_from, x_to) (plan-spec)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from attain.plans.grammar_base import Curve
from attain.plans.tables import Row

_ZERO, _ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class Segment:
    """A straight piece from x_from (inclusive; None: −∞) to x_to (exclusive; None: +∞), by its anchor."""

    x_from: Decimal | None
    x_to: Decimal | None
    x_anchor: Decimal
    y_anchor: Decimal
    dy: Decimal = _ZERO
    dx: Decimal = _ONE


def segments(curve: Curve | None) -> list[Segment]:
    """The pieces of a curve, ascending in x and covering every x once. Floor and cap apply after them."""
    if curve is None or not curve.points:
        return [Segment(None, None, _ZERO, _ZERO, _ONE, _ONE)]
    first_x, first_y = curve.points[0]
    below = first_y if curve.below == "hold" else _ZERO
    return [Segment(None, first_x, first_x, below), *_between(curve), _beyond(curve)]


def _between(curve: Curve) -> list[Segment]:
    """Two points of one x are a jump: no piece between them, and the later one begins the next."""
    is_step = curve.interpolate == "step"
    pieces = []
    for (x, y), (next_x, next_y) in pairwise(curve.points or ()):
        if x == next_x:
            continue
        slope = (_ZERO, _ONE) if is_step else (next_y - y, next_x - x)
        pieces.append(Segment(x, next_x, x, y, *slope))
    return pieces


def _beyond(curve: Curve) -> Segment:
    points = curve.points or ()
    x, y = points[-1]
    if curve.beyond == "hold":
        return Segment(x, None, x, y)
    before_x, before_y = points[-2]
    return Segment(x, None, x, y, y - before_y, x - before_x)


def curve_id(curve: Curve | None) -> str:
    """An id made of the curve's meaning, so that equal curves share one."""
    floor, cap = (curve.floor, curve.cap) if curve else (None, None)
    parts = [[_plain(value) for value in vars(segment).values()] for segment in segments(curve)]
    content = json.dumps([_plain(floor), _plain(cap), parts])
    return "curve_" + hashlib.sha256(content.encode()).hexdigest()[:16]


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize() + 0:f}"


class CurveBook:
    """The curves met while flattening, each once."""

    def __init__(self) -> None:
        self._curves: dict[str, Curve | None] = {}

    def add(self, curve: Curve | None) -> str:
        """Keeps the curve and gives its id."""
        key = curve_id(curve)
        self._curves[key] = curve
        return key

    def curve_rows(self) -> list[Row]:
        """Rows of `curves`, ordered by id."""
        return [
            {"curve_id": key, "floor": curve.floor if curve else None, "cap": curve.cap if curve else None}
            for key, curve in sorted(self._curves.items())
        ]

    def segment_rows(self) -> list[Row]:
        """Rows of `curve_segments`, ordered by curve and x."""
        return [
            {"curve_id": key, "segment_no": number, **vars(segment)}
            for key, curve in sorted(self._curves.items())
            for number, segment in enumerate(segments(curve), start=1)
        ]
