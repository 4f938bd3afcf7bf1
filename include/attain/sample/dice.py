"""Randomness that gives the same numbers everywhere: raw PCG64 bits and whole-number arithmetic, no floats.

Raw bits are the part of NumPy's random module whose stream is guaranteed not to change between versions.
Logarithms and exponentials may differ in the last bit between processors, so long tails come from tables of
whole numbers.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_STEPS = 1 << 12


class Dice:
    """A stream of random whole numbers of its own per table and part, so adding a table moves no other."""

    def __init__(self, seed: int, table: str, part: int = 0) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(table.encode()), part]))

    def raw(self, size: int) -> Ints:
        """`size` numbers of 53 random bits."""
        return (self._bits.random_raw(size) >> np.uint64(11)).astype(np.int64)

    def below(self, limit: int | Ints, size: int) -> Ints:
        """Numbers from 0 up to but not including `limit` (one for all, or one per number; at least 1)."""
        return self.raw(size) % limit

    def between(self, low: int, high: int, size: int) -> Ints:
        """Numbers from `low` to `high`, both included."""
        return low + self.below(high - low + 1, size)

    def chance(self, per_10000: int | Ints, size: int) -> Flags:
        """True with the given probability in ten-thousandths."""
        return np.asarray(self.below(10_000, size) < per_10000, dtype=np.bool_)

    def table(self, knots: Sequence[int], size: int) -> Ints:
        """Numbers whose quantiles run straight from knot to knot: long tails in whole numbers."""
        points = np.asarray(knots, dtype=np.int64)
        position = self.below((len(knots) - 1) * _STEPS, size)
        left = position // _STEPS
        return points[left] + (points[left + 1] - points[left]) * (position % _STEPS) // _STEPS

    def pick(self, weights: Sequence[int] | Ints, size: int) -> Ints:
        """Positions in `weights`, each drawn in proportion to its weight."""
        sums = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.searchsorted(sums, self.below(int(sums[-1]), size), side="right").astype(np.int64)

    def spread(self, weights: Sequence[int] | Ints, size: int) -> Ints:
        """Positions in `weights`, each as often as its weight demands (unlike `pick`), in random order."""
        sums = np.cumsum(np.asarray(weights, dtype=np.int64))
        total = int(sums[-1])
        places = (np.arange(size, dtype=np.int64) * total + self.below(total, size)) // max(size, 1)
        return np.searchsorted(sums, places[np.argsort(self.raw(size), kind="stable")], side="right").astype(np.int64)

    def one(self, limit: int) -> int:
        """One number from 0 up to but not including `limit`."""
        return (int(self._bits.random_raw()) >> 11) % limit
