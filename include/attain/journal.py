"""What a run did, step by step, as `logs/runs/<label>.json`: a record for people, on which no number rests."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


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
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({**known, **facts, "seconds": seconds}, ensure_ascii=False, indent=1, default=str)
        # Replaced, never written over: a run that is killed here must not leave half a journal to its readers.
        fresh = self.path.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        os.replace(fresh, self.path)


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


def _facts(path: Path) -> dict[str, Any]:
    """A damaged journal says nothing."""
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return facts
