"""What `attain status` and `attain doctor` say of a run that ended before its time, and of the one after it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.integration import tiny_company
from tests.integration.tiny_company import Place, attain

from attain import scoring
from attain.errors import AttainError
from attain.journal import Journal, attempted, newest_attempt, newest_journal

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


def test_what_ended_before_there_was_a_run_is_told_until_the_next_one_gets_there(tmp_path: Path) -> None:
    place = Place(tmp_path)
    tiny_company.write(place.company)
    broken = place.inbox / "deals" / "broken.csv"
    broken.parent.mkdir()
    broken.write_text('deal_id,amount\nd20,"12\n', encoding="utf-8")

    ran = place.run("2025-01")
    assert ran.exit_code == 2
    first = ran.err.strip().splitlines()[0]
    assert "broken.csv" in first
    begun = newest_attempt(place.home)["started_at"][:16]
    status = said(place, "status")[1]
    assert f"Last try   begun {begun}, no further than landing\n           {first}\n" in status
    assert "Last run" not in status
    code, health = said(place, "doctor")
    assert f"WARNING  last run: What was begun {begun} got no further than landing. {first}\n" in health
    assert code == 1

    broken.unlink()
    plan = next((place.company / "plans").glob("*.yml"))
    written = plan.read_text(encoding="utf-8")
    plan.write_text(written.replace("weight: 0.6", "weight: 0.5"), encoding="utf-8")
    assert place.run("2025-01").exit_code == 2
    assert "no further than fixing the inputs\n" in said(place, "status")[1]

    plan.write_text(written, encoding="utf-8")
    assert place.run("2025-01").exit_code == 0
    assert "Last try" not in said(place, "status")[1]
    assert said(place, "doctor")[0] == 0


def test_what_was_killed_before_there_was_a_run_is_told(tmp_path: Path) -> None:
    place = Place(tmp_path)
    tiny_company.write(place.company)
    place.home.mkdir(parents=True, exist_ok=True)
    killed = attempted(place.home, "landing", dt.datetime(2025, 3, 3, 8, 5, tzinfo=dt.UTC))
    with pytest.raises(KeyboardInterrupt), killed:
        raise KeyboardInterrupt
    health = said(place, "doctor")[1]
    assert "WARNING  last run: What was begun 2025-03-03T08:05 got no further than landing. It did not end.\n" in health
    # A run that began later says all there is to say.
    Journal(place.home, "later").note(run={"period": "2025-01", "started_at": "2025-03-03T08:06:00+00:00"})
    assert newest_attempt(place.home) == {}
    assert "got no further" not in said(place, "doctor")[1]
