"""The gates: Great Expectations suites over a run's files, their results, and the page that shows them."""

from attain.quality.gate import run_gate
from attain.quality.results import Check, GateResult, record, stored

__all__ = ["Check", "GateResult", "record", "run_gate", "stored"]
