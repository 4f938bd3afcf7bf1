"""Whether a period can be closed: its turn, its set published and whole, nothing changed or stopped since."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from attain.company import Company
from attain.errors import InputError
from attain.fingerprint import inputs_id
from attain.landing import Landing
from attain.ledger import Ledger, refuse_out_of_order
from attain.publish.set import PublishedSet, current, verify


def ready_set(company: Company, home: Path, period: str, set_hash: str | None) -> PublishedSet:
    """The published set that closing `period` would book.

    Raises InputError when an earlier period is open, the period was closed before, the published set is of another
    period or is not `set_hash`, a gate stopped a later run, or what it was computed from has changed; Corrupt when the
    set or the ledger was changed since it was sealed.
    """
    # Nothing is booked on top of a close that is not what was sealed.
    ledger = Ledger(home / "ledger")
    closes = ledger.verify()
    refuse_out_of_order(closes, company.calendar.month(period).key)
    due = company.calendar.next_month(closes[-1].period) if closes else company.first_period
    if period != due:
        raise InputError(f"Period {period} cannot be closed yet: {due} is open. Close the periods in their order.")
    published = current(home)
    if published is None or published.period != period:
        held = f"the published set is of {published.period}" if published else "nothing is published"
        raise InputError(f"Period {period} cannot be closed: {held}. Run it first: attain run --period {period}.")
    if set_hash and not published.hash.startswith(set_hash):
        raise InputError(
            f"The approved set {set_hash} is not the published one ({published.hash[:12]}): it was published again "
            "since. Look at the new figures and approve them."
        )
    verify(published.folder)
    ledger.refuse_loss(published.ledger_head)
    _refuse_stopped(home, published)
    _refuse_outdated(company, home, published)
    return published


def _refuse_stopped(home: Path, published: PublishedSet) -> None:
    period = published.period
    runs = [one for one in _journals(home) if one["run"]["period"] == period]
    newest = max(runs, key=lambda one: str(one["run"]["started_at"]), default={})
    if "stopped" in newest:
        raise InputError(
            f"Period {period} cannot be closed: its newest run was stopped, so the published set is not the latest.\n"
            f"{newest['stopped']}"
        )
    query = (
        "select gate || ' ' || \"check\" from marts.quality_results where status = 'failed' and severity = 'critical'"
    )
    with duckdb.connect(str(published.database), read_only=True) as con:
        failed = [row[0] for row in con.execute(query).fetchall()]
    if failed:
        raise InputError(f"Period {period} cannot be closed: critical checks failed ({', '.join(failed)}).")


def _refuse_outdated(company: Company, home: Path, published: PublishedSet) -> None:
    """A run that gave the same figures leaves the set standing, so the ids of all runs that published it are good."""
    with duckdb.connect(str(published.database), read_only=True) as con:
        own: Any = con.execute("select run_id from marts.publication").fetchone()
    known = {own[0]} | {
        one["run"]["run_id"] for one in _journals(home) if one.get("published", {}).get("hash") == published.hash
    }
    if inputs_id(company, home, published.period) in known:
        return
    raise InputError(
        f"Period {published.period} cannot be closed: {_changed(home, published)} after the set was computed. Run it "
        f"again (attain run --period {published.period}), look at the new figures and approve them."
    )


def _changed(home: Path, published: PublishedSet) -> str:
    used = {batch["batch_id"] for batch in published.seal["provenance"]["batches"]}
    landed = [batch for batch in Landing(home / "landing").batches() if batch.batch_id not in used]
    if landed:
        streams = ", ".join(sorted({batch.stream for batch in landed}))
        return f"{len(landed)} deliveries came in ({streams})"
    return "plans, company.yml, mappings or the program changed"


def _journals(home: Path) -> list[dict[str, Any]]:
    found = [json.loads(path.read_text(encoding="utf-8")) for path in (home / "logs" / "runs").glob("*.json")]
    return [one for one in found if "run" in one]
