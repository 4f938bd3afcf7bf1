"""What a run did, step by step, as `logs/runs/<label>.json`: a record for people, on which no number rests.

What ended before there was a run, in landing or with its inputs, is `logs/attempt.json` until the next one gets there.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from attain.errors import AttainError


class Journal:
    """The journal of one run, known by its label; every process of the run adds to it."""

    def __init__(self, home: Path, label: str) -> None:
        self.path = home / "logs" / "runs" / f"{label}.json"

    def read(self) -> dict[str, Any]:
        """Everything noted so far."""
        if not self.path.exists():
            return {}
        facts: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
        return facts

    def note(self, **facts: Any) -> None:
        """Add facts; those under `seconds` are merged."""
        known = self.read()
        seconds = {**known.get("seconds", {}), **facts.pop("seconds", {})}
        _write(self.path, {**known, **facts, "seconds": seconds})


@contextmanager
def attempted(home: Path, what: str, now: dt.datetime) -> Iterator[None]:
    """Notes that something was begun which is no run yet, and what ended it, a kill included; forgotten on success."""
    path = _attempt(home)
    facts = {"what": what, "started_at": now.isoformat()}
    _write(path, facts)
    try:
        yield
    except Exception as error:
        # On a full disk the sentence that is shown has to do.
        with suppress(OSError):
            _write(path, {**facts, "sentence": sentence_of(error)})
        raise
    path.unlink(missing_ok=True)


def newest_attempt(home: Path) -> dict[str, Any]:
    """`what`, `started_at` and perhaps the `sentence` of what ended last without getting to a run; empty otherwise."""
    facts = _facts(_attempt(home))
    begun = newest_journal(home)
    return {} if begun and facts and begun["run"]["started_at"] > facts["started_at"] else facts


def sentence_of(error: Exception) -> str:
    """What is told of an error: the sentence written for people, or its kind and words."""
    return str(error) if isinstance(error, AttainError) else f"{type(error).__name__}: {error}"


def newest_journal(home: Path) -> dict[str, Any]:
    """What is noted of the run that began last; empty when nothing was ever run."""
    found = (_facts(path) for path in (home / "logs" / "runs").glob("*.json"))
    return max((one for one in found if "run" in one), key=lambda one: one["run"]["started_at"], default={})


def ending(journal: Mapping[str, Any]) -> tuple[str, str]:
    """How the run of a journal ended, in a few words, and the sentence of what ended it before its time."""
    if "published" in journal:
        return "published", ""
    if "stopped" in journal:
        return "stopped by a gate", str(journal["stopped"])
    failed = journal.get("failed")
    if failed:
        return f"failed at {failed['step']} ({failed['title']})", str(failed["sentence"])
    return "did not end", ""


def _attempt(home: Path) -> Path:
    return home / "logs" / "attempt.json"


def _write(path: Path, facts: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Replaced, never written over: who is killed here must not leave half a journal to its readers.
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(facts, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    os.replace(fresh, path)


def _facts(path: Path) -> dict[str, Any]:
    """A damaged journal says nothing."""
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts
