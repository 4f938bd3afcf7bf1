"""The contract every source fulfils: bring what is new into landing and say what happened, row by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from attain.landing import Landing

# landed: new rows; unchanged: the same file as last time; repeated: another file with the newest content;
# empty: nothing inside.
Outcome = Literal["landed", "unchanged", "repeated", "empty"]


@dataclass(frozen=True)
class Landed:
    """One delivery (a file or sheet for one stream) and what became of it; totals are no rows."""

    stream: str
    source_ref: str
    outcome: Outcome
    delivered: int = 0
    malformed: int = 0
    totals: int = 0
    batch_id: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def landed(self) -> int:
        """Rows this extract added to landing, malformed ones included."""
        return self.delivered if self.outcome == "landed" else 0

    @property
    def skipped(self) -> int:
        """Rows that were delivered and known already."""
        return self.delivered - self.landed


@dataclass(frozen=True)
class Report:
    """What one extract brought: a line per delivery, and sentences about anything a person should look at."""

    deliveries: tuple[Landed, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """All sentences: of the single deliveries first, then of the inbox as a whole."""
        return (*(text for one in self.deliveries for text in one.warnings), *self.notes)

    @property
    def landed(self) -> int:
        return sum(one.landed for one in self.deliveries)

    @property
    def streams(self) -> tuple[str, ...]:
        """Streams that got new rows."""
        return tuple(sorted({one.stream for one in self.deliveries if one.outcome == "landed"}))


class Source(Protocol):
    """A system rows come from."""

    @property
    def name(self) -> str:
        """Stable name; it stands in every seal."""
        ...

    def extract(self, landing: Landing, now: dt.datetime, progress: Callable[[str], None] | None = None) -> Report:
        """Lands what is new. Raises InputError for what a person has to mend; what landed stays."""
        ...
