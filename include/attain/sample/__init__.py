"""The sample company: a believable, deterministic company folder in one command."""

from __future__ import annotations

from attain.sample.dirt import DirtyRows
from attain.sample.generate import Progress, SampleSummary, generate

__all__ = ["DirtyRows", "Progress", "SampleSummary", "generate"]
