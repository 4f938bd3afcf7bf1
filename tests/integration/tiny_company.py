"""A company of three people and ten deals, and the command line as somebody types it: for tests of whole runs.

`write` makes the folder; `attain` runs a command in this process and gives exit code and output, because starting a
process anew costs more than the command.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from attain import cli
from attain.landing import Landing
from attain.publish import set as published_set

PERIOD = "2025-02"

COMPANY = """\
name: Tiny
currency: USD
first_period: 2025-01
kpis: [bookings, contract_count]
"""

SELLERS = """\
plan: sellers
effective_from: 2025-01-01
currency: USD
assign: [{role: seller}]
scorecard:
  period: month
  measures:
    - {kpi: bookings, weight: 0.6, curve: {cap: 1.5}}
    - {kpi: contract_count, weight: 0.4, target: 2, curve: {cap: 1.5}}
  grades: [{grade: A, from: 1}, {grade: B, from: 0}]
components:
  - id: commission
    type: commission
    measure: bookings
    accumulate: month
    rates: {on: attainment, quota: bookings, mode: marginal, tiers: [{from: 0, rate: 0.05}, {from: 1, rate: 0.08}]}
"""

PARTICIPANTS = """\
participant_id,name,role,team_id,manager_id,hired_on
ann,Ann,seller,north,cy,2024-01-01
bo,Bo,seller,north,cy,2024-01-01
cy,Cy,manager,north,,2024-01-01
"""

TEAMS = "team_id,name\nnorth,North\n"

TARGETS = """\
participant_id,kpi,period,value
ann,bookings,2025-01,3000
ann,bookings,2025-02,3000
bo,bookings,2025-01,2000
bo,bookings,2025-02,2000
"""

DEALS = """\
deal_id,account_id,owner_id,status,amount,created_on,won_on,lost_on
d01,acme,ann,won,1000.00,2024-12-01,2025-01-10,
d02,acme,ann,won,2500.00,2024-12-01,2025-01-20,
d03,blue,bo,won,900.00,2024-12-01,2025-01-25,
d04,blue,bo,lost,700.00,2024-12-01,,2025-01-28
d05,acme,ann,won,1200.00,2025-01-05,2025-02-03,
d06,core,ann,won,2300.50,2025-01-05,2025-02-14,
d07,core,bo,won,1500.00,2025-01-05,2025-02-20,
d08,dune,bo,won,800.25,2025-01-05,2025-02-24,
d09,dune,bo,lost,400.00,2025-01-05,,2025-02-26
d10,acme,ann,open,5000.00,2025-02-01,,
"""

# Ann in February: 3000 × 5 % + 500.50 × 8 %; Bo: 2000 × 5 % + 300.25 × 8 %.
PAYABLE = {"ann": "190.04", "bo": "124.02"}


@dataclass(frozen=True)
class Outcome:
    """What a command ended with and wrote."""

    exit_code: int
    out: str
    err: str


def write(folder: Path) -> Path:
    """The company in `folder`, inbox filled."""
    files = {
        "company.yml": COMPANY,
        "plans/sellers.yml": SELLERS,
        "inbox/participants.csv": PARTICIPANTS,
        "inbox/teams.csv": TEAMS,
        "inbox/targets.csv": TARGETS,
        "inbox/deals.csv": DEALS,
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def attain(*words: str | Path) -> Outcome:
    """`attain WORDS`, in this process; the environment is left as it was."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ),
        mock.patch.object(sys, "argv", ["attain", *(str(word) for word in words)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
    return Outcome(code, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Place:
    """A company folder and its state, which a test may spoil."""

    root: Path

    @property
    def company(self) -> Path:
        return self.root / "company"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def inbox(self) -> Path:
        return self.company / "inbox"

    @property
    def database(self) -> Path:
        """The published database itself, not the link to it."""
        return (self.home / "published" / "attain.duckdb").resolve()

    def run(self, period: str = PERIOD) -> Outcome:
        """`attain run --period PERIOD`."""
        return attain("--company", self.company, "--home", self.home, "run", "--period", period)

    def drop(self, file: str, content: str | bytes) -> None:
        """Deliver a file."""
        path = self.inbox / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def copied_to(self, root: Path) -> Place:
        """The same company and state in another folder."""
        shutil.copytree(self.root, root, symlinks=True, dirs_exist_ok=True)
        return Place(root)

    def batches(self) -> set[str]:
        """The ids of everything landed, each batch compared with its seal."""
        found = Landing(self.home / "landing").batches()
        for batch in found:
            batch.verify()
        return {batch.batch_id for batch in found}

    def published(self) -> tuple[str, str]:
        """Name and seal of the published set, every file of it compared with the seal."""
        current = published_set.current(self.home)
        assert current is not None
        published_set.verify(current.folder)
        return current.name, (current.folder / published_set.SEAL).read_text(encoding="utf-8")


def listing(folder: Path) -> dict[str, tuple[int, int, int, str]]:
    """Everything in a folder: mode, size, time of change and content of each entry."""
    found = {}
    for path in sorted([folder, *folder.rglob("*")]):
        facts = path.stat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path.relative_to(folder))] = (facts.st_mode, facts.st_size, facts.st_mtime_ns, content)
    return found
