"""A company in the middle of its life: January is published, late rows are delivered, its close comes next."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tests.faults import children
from tests.faults.children import Job
from tests.faults.points import Point
from tests.integration import tiny_company
from tests.integration.tiny_company import Place

from attain import sealed
from attain.landing import Landing
from attain.ledger import Ledger
from attain.publish import set as published_set
from attain.publish.set import PublishedSet

PERIOD = "2025-01"
FIRST = dt.datetime(2025, 2, 3, 9, tzinfo=dt.UTC)
NOW = dt.datetime(2025, 3, 3, 9, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=2)
LATE_ROWS = {
    "deals/late.csv": "deal_id,account_id,owner_id,status,amount,created_on,won_on\n"
    "d11,core,bo,won,700.00,2024-12-05,2025-01-30\nd06,core,ann,won,2400.50,2025-01-05,2025-02-14\n",
    "accounts.csv": "account_id,name\nacme,Acme\nblue,Blue\ncore,Core\ndune,Dune\n",
}

Hashes = Mapping[str, str]


@dataclass(frozen=True)
class World:
    """The company before its second run, after it and after its close, kept aside, and what an undisturbed run and
    close make of it."""

    kept: Place
    ran: Place
    closed: Place
    place: Place
    before: Hashes
    after_run: Hashes
    after_close: Hashes

    def reset(self, state: Place | None = None) -> World:
        """The state as it was before that run, or another one that was kept."""
        shutil.rmtree(self.place.root, ignore_errors=True)
        return replace(self, place=(state or self.kept).copied_to(self.place.root))

    def at(self, root: Path) -> World:
        """A copy of that state elsewhere."""
        return replace(self, place=self.kept.copied_to(root))

    def closed_at(self, root: Path) -> World:
        """A copy of the state after the close elsewhere."""
        return replace(self, place=self.closed.copied_to(root))

    def job(self, **changes: object) -> Job:
        """The second run in this world."""
        facts = {"company": self.place.company, "home": self.place.home, "period": PERIOD, "now": NOW, **changes}
        return Job(**facts)  # type: ignore[arg-type]


def build(root: Path) -> World:
    """Two runs and a close, undisturbed."""
    place, kept, ran, closed = (Place(root / name) for name in ("place", "kept", "ran", "closed"))
    tiny_company.write(place.company)
    with (place.company / "company.yml").open("a", encoding="utf-8") as file:
        file.write("keep_sets: 1\n")
    finished(Job(place.company, place.home, PERIOD, FIRST))
    for name, text in LATE_ROWS.items():
        place.drop(name, text)
    place.copied_to(kept.root)
    before = content(current(place.home))
    finished(Job(place.company, place.home, PERIOD, NOW))
    after_run = content(current(place.home))
    place.copied_to(ran.root)
    finished(Job(place.company, place.home, PERIOD, NOW, run=False, close=True))
    after_close = content(current(place.home))
    assert before != after_run != after_close
    place.copied_to(closed.root)
    return World(kept, ran, closed, place, before, after_run, after_close)


def finished(job: Job) -> None:
    """Do the job; it must end well."""
    code = children.finish(job)
    log = children.log_of(job)
    assert code == 0, f"ended with {code}: {log.read_text() if log.exists() else 'without a word'}"


def current(home: Path) -> PublishedSet:
    """The published set, every file of it compared with its seal."""
    found = published_set.current(home)
    assert found is not None
    return published_set.verify(found.folder)


def content(published: PublishedSet) -> Hashes:
    """What the set says, table by table; `publication` names batches by the instant they were landed."""
    return {"period": published.period, **{t: h for t, h in published.tables.items() if t != "publication"}}


def booked(home: Path) -> list[str]:
    """The closed periods, every close compared with its seal and the chain followed."""
    closes = Ledger(home / "ledger").closes()
    for close in closes:
        sealed.verify(close.folder)
    return [close.period for close in closes]


def whole(world: World) -> tuple[str, bool]:
    """Which of the known states readers see, and whether the period is booked. Anything else there is a fault."""
    home = world.place.home
    for batch in Landing(home / "landing").deliveries():
        batch.verify()
    seen = content(current(home))
    states = {"before": world.before, "after run": world.after_run, "after close": world.after_close}
    names = [name for name, hashes in states.items() if hashes == seen]
    assert names, f"a set that no undisturbed run publishes: {_differing(seen, world.after_run)}"
    return names[0], PERIOD in booked(home)


def kill_in_close(world: World, point: Point) -> tuple[bool, str, bool]:
    """Close, or complete the close that was booked, and die at the point: whether it was reached, then as `whole`."""
    closes = Ledger(world.place.home / "ledger").closes()
    job = world.job(run=False, close=True, set_hash=closes[0].set_hash if closes else None, point=point)
    code = children.finish(job)
    assert code in (0, children.KILLED), children.log_of(job).read_text()
    return code == children.KILLED, *whole(world)


def end(world: World) -> None:
    """Start again as a person would: the run, and the close; a booked one is asked for again and completed."""
    home = world.place.home
    finished(world.job(now=LATER))
    closes = Ledger(home / "ledger").closes()
    finished(world.job(now=LATER, run=False, close=True, set_hash=closes[0].set_hash if closes else None))
    assert whole(world) == ("after close", True)
    (files,) = (home / "closes").iterdir()
    sealed.verify(files)
    assert leftovers(home) == []


def _differing(seen: Hashes, known: Hashes) -> list[str]:
    return sorted(name for name in {*seen, *known} if seen.get(name) != known.get(name))


def leftovers(home: Path) -> list[str]:
    """What no finished run should leave: unfinished batches, closes, sets, runs, records."""
    patterns = (
        "landing/*/.*",
        "ledger/.*",
        "closes/.*",
        "published/.*",
        "published/sets/.*",
        "runs/*",
        "writer.json",
        "**/*.new",
    )
    return sorted(str(path.relative_to(home)) for pattern in patterns for path in home.glob(pattern))
