"""What `attain status` and `attain doctor` say of a run that ended before its time, and of the one after it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.integration import tiny_company
from tests.integration.tiny_company import Place, attain

from attain import scoring
from attain.errors import AttainError
from attain.journal import newest_journal

pytestmark = pytest.mark.slow

FAILURE = "The build failed at 1 place: model int_windows: Binder Error [x]\nLINE 1: select [x]"


def said(place: Place, command: str) -> tuple[int, str]:
    outcome = attain("--company", place.company, "--home", place.home, command)
    return outcome.exit_code, outcome.out


def test_a_run_that_failed_is_told_with_its_step_and_sentence_until_one_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path)
    tiny_company.write(place.company)
    whole = scoring.stage

    def failing(run: scoring.Run, name: str, progress: Any = None) -> Any:
        if name == "pay":
            raise AttainError(FAILURE)
        return whole(run, name, progress)

    with monkeypatch.context() as patch:
        patch.setattr(scoring, "stage", failing)
        ran = place.run("2025-01")
    assert (ran.exit_code, ran.err.strip()) == (3, FAILURE)
    journal = newest_journal(place.home)
    title = "Earnings, payouts, settlement"
    assert journal["failed"] == {"step": "pay", "title": title, "sentence": FAILURE}

    begun = journal["run"]["started_at"][:16]
    code, status = said(place, "status")
    assert code == 0
    assert f"Last run   2025-01, begun {begun}: failed at pay ({title})\n" in status
    assert "           The build failed at 1 place: model int_windows: Binder Error [x]\n" in status
    assert "           LINE 1: select [x]\n" in status
    code, health = said(place, "doctor")
    assert code == 1
    assert (
        f"WARNING  last run: That of 2025-01, begun {begun}: failed at pay ({title}). "
        "The build failed at 1 place: model int_windows: Binder Error [x]\n"
    ) in health

    assert place.run("2025-01").exit_code == 0
    begun = newest_journal(place.home)["run"]["started_at"][:16]
    assert f"Last run   2025-01, begun {begun}: published\n" in said(place, "status")[1]
    code, health = said(place, "doctor")
    assert f"ok       last run: That of 2025-01, begun {begun}: published.\n" in health
    assert code == 0
