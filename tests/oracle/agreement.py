"""Engine and oracle over random histories: payouts, ledger, earnings and the commission table agree to the cent.

`ORACLE_HISTORIES` says how many (200; `make oracle` runs 2,000). A history is one of a company of forty, because a
build costs the same for one as for forty. The companies are dealt to two test files, which two processes can share.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.oracle.companies import setting, together
from tests.oracle.random_history import history
from tests.oracle.trials import as_yaml, differences, expected, smallest

from attain.modelling import CompiledModel
from attain.plans.workbench import Workbench

IN_A_COMPANY = 40
COMPANIES = range(int(os.environ.get("ORACLE_HISTORIES", "200")) // IN_A_COMPANY)


def assert_agreement(seed: int, models: list[CompiledModel], bench: Workbench, folder: Path) -> None:
    """Fails with what differs in the seed's company, and with the smallest history that shows it."""
    company = setting(seed)
    numbers = range(seed * IN_A_COMPANY, (seed + 1) * IN_A_COMPANY)
    documents = {number: expected(history(number, company)) for number in numbers}
    found = differences(together(list(documents.values())), models, folder, bench)
    if found:
        failing = next((documents[number] for number in numbers if any(f"-{number}," in text for text in found)), None)
        shown = as_yaml(smallest(failing, models, folder)) if failing else ""
        pytest.fail("\n".join([*found[:10], "", "Keep it in tests/oracle/kept/:", shown]))
